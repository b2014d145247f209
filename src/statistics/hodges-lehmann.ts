import { requirePositive, requireShare } from './checks.js';
import type { Interval } from './interval.js';
import { at, medianOfSorted } from './median.js';
import { normalCdf } from './normal-cdf.js';
import { normalQuantile } from './normal.js';
import { countsExactly, outsideOnEachSide } from './rank-sum.js';

export interface Ratio {
  /** a / b: above 1, a is the greater. */
  readonly ratio: number;
  /** Null where there are too few values for the level: below 4 a side for 95 %. */
  readonly interval: Interval | null;
}

/**
 * Hodges and Lehmann's estimate of the ratio a / b: the median of all pairwise ratios (on logarithms, since what disturbs a
 * latency is multiplicative), with the interval that the Mann-Whitney test does not reject. Exact up to 25 values a side,
 * conservative with ties; the normal approximation of U beyond. The level is the one achieved. Source: Hollander, Wolfe and
 * Chicken, Nonparametric Statistical Methods, 3rd ed. 2014, sections 4.2 and 4.3. Throws RangeError on empty lists and on
 * values that are not above 0.
 */
export function hodgesLehmannRatio(a: readonly number[], b: readonly number[], level = 0.95): Ratio {
  requirePositive(a, 'a');
  requirePositive(b, 'b');
  requireShare(level, 'level');
  const differences = logDifferences(a, b);
  const { k, level: achieved } = outside(a.length, b.length, level);
  const interval =
    k === 0
      ? null
      : {
          low: Math.exp(at(differences, k - 1)),
          high: Math.exp(at(differences, differences.length - k)),
          level: achieved,
        };
  return { ratio: Math.exp(medianOfSorted(differences)), interval };
}

function logDifferences(a: readonly number[], b: readonly number[]): Float64Array {
  const differences = new Float64Array(a.length * b.length);
  const logs = b.map(Math.log);
  let index = 0;
  for (const value of a) {
    const log = Math.log(value);
    for (const other of logs) differences[index++] = log - other;
  }
  return differences.sort();
}

/** How many differences are left outside on each side, and the coverage that remains. */
function outside(m: number, n: number, level: number): { k: number; level: number } {
  if (countsExactly(m, n)) {
    const { k, tail } = outsideOnEachSide(m, n, (1 - level) / 2);
    return { k, level: 1 - 2 * tail };
  }
  const mean = (m * n) / 2;
  const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
  const k = Math.max(0, Math.floor(mean + 0.5 - normalQuantile((1 + level) / 2) * deviation));
  return { k, level: 1 - 2 * normalCdf((k - 0.5 - mean) / deviation) };
}
