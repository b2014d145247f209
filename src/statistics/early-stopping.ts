import betaCdf from '@stdlib/stats-base-dists-beta-cdf';
import { requireFinite, requireShare } from './checks.js';
import { ascending, at } from './median.js';
import { normalQuantile } from './normal.js';

export interface EarlyStopping {
  /** Upper bound of the percentile with the confidence asked for; null while there are too few queries for any. */
  readonly estimate: number | null;
  /** The plain percentile of what was measured, nearest rank: an estimate without confidence. */
  readonly measured: number;
  readonly queries: number;
  /** Queries below which no bound exists. */
  readonly needed: number;
  /** Queries at which MLPerf takes the measured percentile as it is. */
  readonly minimumQueries: number;
}

/**
 * MLPerf's early stopping: the bound is the t-th greatest latency, t the greatest number of slow queries for which a system whose true share of slow queries is above 1 - percentile would show so few with probability of at most
 * 1 - confidence. Source: LoadGen, early_stopping.cc and inference_rules.adoc, appendix "Early stopping criterion", with
 * tolerance d = 0. Throws RangeError on empty or NaN, or shares outside 0..1.
 */
export function earlyStopping(latencies: readonly number[], percentile: number, confidence = 0.99): EarlyStopping {
  requireFinite(latencies, 'latencies');
  const sorted = ascending(latencies);
  const n = sorted.length;
  const slow = slowQueriesAllowed(n, percentile, confidence);
  return {
    estimate: slow === 0 ? null : at(sorted, n - slow),
    measured: at(sorted, Math.min(n, Math.max(1, Math.ceil(percentile * n))) - 1),
    queries: n,
    needed: queriesFor(1, percentile, confidence),
    minimumQueries: minimumQueries(percentile, confidence),
  };
}

/** Whether `fast` queries within the bound and `slow` over it show the percentile with the confidence. */
export function passes(fast: number, slow: number, percentile: number, confidence = 0.99): boolean {
  requireShare(percentile, 'percentile');
  requireShare(confidence, 'confidence');
  // P(at least `fast` of all are fast), were each fast with probability `percentile`: a regularized incomplete beta.
  return fast > 0 && betaCdf(percentile, fast, slow + 1) <= 1 - confidence;
}

/** Fewest queries of which `slow` may be over the bound. */
export function queriesFor(slow: number, percentile: number, confidence = 0.99): number {
  return slow + smallest((fast) => passes(fast, slow, percentile, confidence));
}

/** Most slow queries among n that still show the percentile; 0: none, the bound would be the greatest latency or beyond. */
export function slowQueriesAllowed(n: number, percentile: number, confidence = 0.99): number {
  return smallest((slow) => queriesFor(slow, percentile, confidence) > n) - 1;
}

/**
 * Queries for a margin of a twentieth of 1 - percentile, rounded up to 8192s: MLPerf's 24,576 for p90 to 270,336 for p99.
 * Source: inference_rules.adoc, "Number of queries".
 */
export function minimumQueries(percentile: number, confidence = 0.99): number {
  requireShare(percentile, 'percentile');
  requireShare(confidence, 'confidence');
  const margin = (1 - percentile) / 20;
  const queries = (normalQuantile((1 - confidence) / 2) ** 2 * percentile * (1 - percentile)) / margin ** 2;
  return Math.ceil(queries / 8192) * 8192;
}

/** Smallest whole number from 1 for which a condition holds that stays true once it is. */
function smallest(holds: (value: number) => boolean): number {
  let high = 1;
  while (!holds(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high === 1 ? 1 : high;
}
