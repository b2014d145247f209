import { median } from '../statistics/index.js';

/** Values this many robust standard deviations from their median count as that far, not farther. */
const CLIP_AT = 3;
/** Below this many values nothing is clipped: there is no saying which one is the odd one. */
const FEWEST_TO_CLIP = 5;
/** Median absolute deviation of a normal in units of its standard deviation. */
const MEDIAN_DEVIATION = 0.6744897501960817;

/** The logarithms of one side of a cell. */
export interface LogSample {
  readonly logs: readonly number[];
  readonly median: number;
}

export interface Moments {
  readonly mean: number;
  /** Sum of squares around the mean. */
  readonly squares: number;
  readonly n: number;
}

export function logSample(values: readonly number[]): LogSample {
  const logs = values.map(Math.log);
  return { logs, median: median(logs) };
}

/** Robust standard deviation of a cell, from all its sides' distances to their own median; null where there are too few. */
export function robustScale(sides: readonly LogSample[]): number | null {
  const distances = sides.flatMap((side) => distancesOf(side));
  if (distances.length < 2) return null;
  const all = sides.reduce((sum, { logs }) => sum + logs.length, 0);
  return (median(distances) / MEDIAN_DEVIATION) * Math.sqrt(all / (all - sides.length));
}

/** Of an odd number of values one is the median itself; its distance of 0 says nothing. */
function distancesOf({ logs, median: centre }: LogSample): number[] {
  const distances = logs.map((log) => Math.abs(log - centre));
  if (logs.length % 2 === 1) distances.splice(distances.indexOf(Math.min(...distances)), 1);
  return distances;
}

/** Mean and sum of squares, after values farther than three scales from the median were moved to there. */
export function clippedMoments({ logs, median: centre }: LogSample, scale: number): Moments {
  const limit = logs.length < FEWEST_TO_CLIP || scale === 0 ? Infinity : CLIP_AT * scale;
  const clipped = logs.map((log) => Math.min(centre + limit, Math.max(centre - limit, log)));
  const mean = clipped.reduce((sum, log) => sum + log, 0) / clipped.length;
  return { mean, squares: clipped.reduce((sum, log) => sum + (log - mean) ** 2, 0), n: clipped.length };
}
