import { fitLine, type Interval } from '../statistics/index.js';

/** Smallest batch from which the page's latencies grow in proportion, and how many such batches a line needs. */
const LARGE_BATCH = 8192;
const FEWEST_LARGE = 3;

/** What a sample costs and what a batch costs besides: latency = fixed + perSample x batch, by least squares. */
export interface PerSample {
  /** Nanoseconds a sample. */
  readonly nsPerSample: number;
  readonly nsInterval: Interval | null;
  /** Microseconds a batch, whatever its size. */
  readonly fixedUs: number;
  readonly fixedInterval: Interval | null;
  /** Measurements in the fit. */
  readonly n: number;
  /** Batches in the fit, ascending. */
  readonly batches: readonly number[];
}

/** The batches a line is drawn through: from 8192 on where there are three of them, as for the page; else all. */
export function fittedBatches(batches: readonly number[]): number[] {
  const sorted = [...new Set(batches)].sort((a, b) => a - b);
  const large = sorted.filter((batch) => batch >= LARGE_BATCH);
  return large.length >= FEWEST_LARGE ? large : sorted;
}

/** The line through one variant's measurements at those batches; undefined below two batches. */
export function perSample(
  cells: readonly { readonly batch: number; readonly microseconds: readonly number[] }[],
  batches: readonly number[],
): PerSample | undefined {
  const used = cells.filter((cell) => batches.includes(cell.batch) && cell.microseconds.length > 0);
  const points = used.flatMap(({ batch, microseconds }) => microseconds.map((us) => ({ x: batch, y: us })));
  const at = [...new Set(used.map(({ batch }) => batch))].sort((a, b) => a - b);
  if (at.length < 2) return undefined;
  const line = fitLine(points);
  const scaled = (interval: Interval | null): Interval | null =>
    interval === null ? null : { ...interval, low: interval.low * 1000, high: interval.high * 1000 };
  return {
    nsPerSample: line.slope * 1000,
    nsInterval: scaled(line.slopeInterval),
    fixedUs: line.intercept,
    fixedInterval: line.interceptInterval,
    n: line.n,
    batches: at,
  };
}
