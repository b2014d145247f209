import { median, medianInterval, studentQuantile, variance, type Interval } from '../statistics/index.js';
import type { CellSamples } from './samples.js';

const LEVEL = 0.95;
/** From so many repeats on, order statistics alone enclose a median. */
const FEWEST_FOR_RANKS = 6;
/** Standard error of a median of normal values against that of their mean: sqrt(pi / 2), for many; less for few. */
const MEDIAN_OVER_MEAN = Math.sqrt(Math.PI / 2);

/** One GPU's figure of one cell. */
export interface GpuFigure {
  readonly node: string;
  readonly gpu: string;
  readonly n: number;
  /** Of its repeats, in microseconds. */
  readonly median: number;
  /** Of the median, 95 %; null where there are too few repeats, here and in the whole fleet. */
  readonly interval: Interval | null;
}

/**
 * Median of each GPU with its interval. From 6 repeats on between order statistics, without a model. Below, on logarithms: the
 * median and Student's t with the spread of a repeat that all GPUs share, which is the median of their variances divided by
 * the median of chi-squared / df (Wilson and Hilferty, PNAS 17, 1931), so that some wild GPUs do not widen all intervals;
 * and never narrower than the GPU's own repeats, of which a spread that all share knows nothing: where two of three were
 * disturbed, their median is, too.
 */
export function gpuFigures({ gpus }: CellSamples): GpuFigure[] {
  const samples = [...gpus.values()].map(({ node, gpu, values }) => ({
    node,
    gpu,
    values: values.map(({ us }) => us),
  }));
  const spread = repeatSpread(samples.map(({ values }) => values));
  return samples.map(({ node, gpu, values }) => {
    const n = values.length;
    if (n >= FEWEST_FOR_RANKS) {
      const { median: middle, interval } = medianInterval(values, LEVEL);
      return { node, gpu, n, median: middle, interval };
    }
    const middle = median(values);
    if (spread === null) return { node, gpu, n, median: middle, interval: null };
    const reach = Math.exp(
      (studentQuantile(LEVEL, spread.degreesOfFreedom) * MEDIAN_OVER_MEAN * spread.deviation) / Math.sqrt(n),
    );
    const [low, high] = [Math.min(middle / reach, ...values), Math.max(middle * reach, ...values)];
    return { node, gpu, n, median: middle, interval: { low, high, level: LEVEL } };
  });
}

/** Standard deviation of a repeat on its GPU, on logarithms; null where no GPU has two. */
function repeatSpread(samples: readonly (readonly number[])[]): { deviation: number; degreesOfFreedom: number } | null {
  const repeated = samples.filter((values) => values.length > 1);
  if (repeated.length === 0) return null;
  const degreesOfFreedom = repeated.reduce((sum, values) => sum + values.length - 1, 0);
  const variances = repeated.map((values) => variance(values.map(Math.log)) / medianOfChiSquared(values.length - 1));
  return { deviation: Math.sqrt(median(variances)), degreesOfFreedom };
}

/** Of chi-squared divided by its degrees of freedom, to a thousandth from 2 on. For 1 it is exact: a square of 0.6745. */
const medianOfChiSquared = (df: number): number => (df === 1 ? 0.454936 : (1 - 2 / (9 * df)) ** 3);
