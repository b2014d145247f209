import { requireFinite, requireShare } from './checks.js';
import type { Interval, Range } from './interval.js';
import { ascending, at, medianOfSorted } from './median.js';

export interface MedianInterval {
  readonly median: number;
  /** Null where even least to greatest has less than the level: below 6 values for 95 %. */
  readonly interval: Interval | null;
  readonly range: Range;
  readonly n: number;
}

/** Ranks from 1 of the order statistics that enclose the median, and their exact coverage. */
export interface MedianRanks {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/**
 * Narrowest symmetric pair of ranks whose coverage of the median is at least `level`, for n independent values of any
 * continuous distribution: P(X(r) <= median <= X(n+1-r)) = 1 - 2 P(Binomial(n, 1/2) < r). Null where there is none.
 * Source: David and Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1.
 */
export function medianRanks(n: number, level = 0.95): MedianRanks | null {
  requireShare(level, 'level');
  let probability = 2 ** -n;
  let below = probability;
  if (n < 2 || 1 - 2 * below < level) return null;
  let rank = 1;
  for (;;) {
    probability *= (n - rank + 1) / rank;
    if (rank + 1 > n / 2 || 1 - 2 * (below + probability) < level) break;
    below += probability;
    rank += 1;
  }
  return { low: rank, high: n + 1 - rank, level: 1 - 2 * below };
}

/**
 * Median and its interval between two order statistics; the level is the exact one of these ranks, at least the one asked
 * for. Throws RangeError on an empty list, a value that is no finite number, or a level outside 0..1.
 */
export function medianInterval(values: readonly number[], level = 0.95): MedianInterval {
  requireFinite(values, 'values');
  const sorted = ascending(values);
  const n = sorted.length;
  const ranks = medianRanks(n, level);
  return {
    median: medianOfSorted(sorted),
    interval:
      ranks === null ? null : { low: at(sorted, ranks.low - 1), high: at(sorted, ranks.high - 1), level: ranks.level },
    range: { low: at(sorted, 0), high: at(sorted, n - 1) },
    n,
  };
}
