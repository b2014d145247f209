import { mean, median, squaresAround } from '../statistics/index.js';

/** Robust standard deviations from the centre up to which a value counts in full. */
const FULL_TO = 3;
/** The same from which on it does not count. */
const NONE_FROM = 6;
/** Largest share of a side's values that may not count. */
const MOST_STRAYS = 0.2;
/** Below this many values all count in full: there is no saying which one is the odd one. */
const FEWEST_TO_WEIGH = 5;
/** Most steps to the centre: with four values of thirteen half out, each leaves three fifths of what was left; with fewer, less. */
const STEPS = 20;
/** A step of fewer scales than this is the last. */
const SMALLEST_STEP = 1e-9;
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
  /** Values that these rest on. */
  readonly n: number;
  /** Too many values lie far out to be strays; they were clipped. */
  readonly secondState: boolean;
}

export function logSample(values: readonly number[]): LogSample {
  return sampleOf(values.map(Math.log));
}

export function sampleOf(logs: readonly number[]): LogSample {
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

/**
 * Centre of the values, the sum of squares around it, and how many values these rest on. Hampel's three-part M-estimate
 * (Andrews and others, Robust Estimates of Location, 1972) from the median: what lies within three scales of the centre counts
 * in full, farther out ever less, from six on not at all. A side of which more than a fifth would not count at all has no strays
 * but another state: there a value farther than three scales from the median counts as that far.
 */
export function robustMoments({ logs, median: start }: LogSample, scale: number): Moments {
  if (logs.length < FEWEST_TO_WEIGH || scale === 0) return momentsOf(logs);
  let centre = start;
  let count = logs.length;
  for (let left = STEPS; left > 0; left -= 1) {
    count = logs.filter((log) => Math.abs(log - centre) < NONE_FROM * scale).length;
    if (logs.length - count > MOST_STRAYS * logs.length) {
      return { ...momentsOf(clipped(logs, start, FULL_TO * scale)), secondState: true };
    }
    const step = logs.reduce((sum, log) => sum + pull(log - centre, scale), 0) / count;
    centre += step;
    if (Math.abs(step) < SMALLEST_STEP * scale) break;
  }
  const pulls = logs.map((log) => pull(log - centre, scale));
  return { mean: centre, squares: squaresAround(0, pulls), n: count, secondState: false };
}

/** How strongly a value so far away pulls at the centre: its distance, then less, then 0. */
function pull(distance: number, scale: number): number {
  const size = Math.abs(distance);
  if (size <= FULL_TO * scale) return distance;
  if (size >= NONE_FROM * scale) return 0;
  return (Math.sign(distance) * FULL_TO * (NONE_FROM * scale - size)) / (NONE_FROM - FULL_TO);
}

function clipped(logs: readonly number[], centre: number, limit: number): number[] {
  return logs.map((log) => Math.min(centre + limit, Math.max(centre - limit, log)));
}

function momentsOf(logs: readonly number[]): Moments {
  const middle = mean(logs);
  return { mean: middle, squares: squaresAround(middle, logs), n: logs.length, secondState: false };
}
