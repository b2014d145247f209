import { median, moderated, variancePrior, type Variance } from '../statistics/index.js';
import type { ComparedCell } from './grid.js';
import { clippedMoments, logSample, robustScale, type LogSample } from './log-sample.js';

/** What a cell's values say, on logarithms. */
export interface CellEvidence {
  /** Mean of a less mean of b, outlying values clipped. */
  readonly effect: number;
  /** Variance of one repeat, drawn towards the grid's. */
  readonly variance: Variance;
  /** Variance of the effect in units of that: 1 / n of a, and 1 / n of b where b is a run. */
  readonly perUnit: number;
  /** Whether there are enough values to test at all. */
  readonly testable: boolean;
}

/** Fewest repeats a side that are tested: two cannot show that one of them is odd. */
export const FEWEST_REPEATS = 3;

/**
 * Effects and variances of a grid. Ten repeats say little about one cell's variance, but 44 cells together say much: each
 * variance is drawn towards what the grid has in common, as far as the cells are alike (empirical Bayes, limma).
 */
export function evidenceOf(cells: readonly ComparedCell[]): CellEvidence[] {
  const samples = cells.map(({ a, b }) => (typeof b === 'number' ? [logSample(a)] : [logSample(a), logSample(b)]));
  const scales = samples.map(robustScale);
  const usual = scales.filter((scale) => scale !== null);
  const common = usual.length === 0 ? 0 : median(usual);
  const raw = cells.map((cell, index) => rawEvidence(cell, samples[index] ?? [], Math.max(common, scales[index] ?? 0)));
  const prior = variancePrior(raw.map(({ variance }) => variance));
  const most = raw.reduce((sum, { variance }) => sum + variance.degreesOfFreedom, 0);
  return raw.map((cell) => ({ ...cell, variance: moderated(cell.variance, prior, most) }));
}

function rawEvidence(cell: ComparedCell, sides: readonly LogSample[], scale: number): CellEvidence {
  const moments = sides.map((side) => clippedMoments(side, scale));
  const degreesOfFreedom = moments.reduce((sum, { n }) => sum + n - 1, 0);
  const squares = moments.reduce((sum, side) => sum + side.squares, 0);
  const reference = typeof cell.b === 'number' ? Math.log(cell.b) : (moments[1]?.mean ?? NaN);
  return {
    effect: (moments[0]?.mean ?? NaN) - reference,
    variance: { variance: degreesOfFreedom === 0 ? 0 : squares / degreesOfFreedom, degreesOfFreedom },
    perUnit: moments.reduce((sum, { n }) => sum + 1 / n, 0),
    testable: moments.every(({ n }) => n >= FEWEST_REPEATS),
  };
}

export function standardError({ variance, perUnit }: CellEvidence): number {
  return Math.sqrt(variance.variance * perUnit);
}
