import { requireFinite } from './checks.js';
import { at } from './median.js';
import { normalCdf } from './normal-cdf.js';
import { countsExactly, uDistribution, waysToChoose } from './rank-sum.js';

export interface MannWhitney {
  /** Pairs in which a is greater, ties as half: 0 to a.length b.length. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

/**
 * Mann and Whitney's test of "a and b have one distribution". Up to 25 values a side p is exact, also with ties: the chance,
 * over all ways to deal the midranks out, of a U at least as far from its mean. Beyond, the normal approximation with
 * correction for ties and continuity. Source: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed. 2014,
 * section 4.1; without ties, and in the approximation, equal to R's wilcox.test. Throws RangeError on empty or NaN.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): MannWhitney {
  requireFinite(a, 'a');
  requireFinite(b, 'b');
  const m = a.length;
  const n = b.length;
  const u = pairsWon(a, b);
  const distance = Math.abs(u - (m * n) / 2);
  const all = [...a, ...b];
  if (!countsExactly(m, n)) return { u, p: normalP(distance, m, n, midranks(all).tieSizes), method: 'normal' };
  const tied = new Set(all).size < all.length;
  const p = tied ? tiedP(distance, midranks(all).doubled, m, n) : untiedP(distance, m, n);
  return { u, p: Math.min(1, p), method: 'exact' };
}

function pairsWon(a: readonly number[], b: readonly number[]): number {
  let won = 0;
  for (const value of a) {
    for (const other of b) {
      if (value > other) won += 1;
      else if (value === other) won += 0.5;
    }
  }
  return won;
}

function untiedP(distance: number, m: number, n: number): number {
  const centre = (m * n) / 2;
  let p = 0;
  for (const [u, probability] of uDistribution(m, n).entries()) {
    if (Math.abs(u - centre) >= distance) p += probability;
  }
  return p;
}

function tiedP(distance: number, doubled: readonly number[], m: number, n: number): number {
  const ways = waysToChoose(doubled, m);
  let total = 0;
  let far = 0;
  ways.forEach((count, sum) => {
    total += count;
    if (Math.abs((sum - m * (m + 1)) / 2 - (m * n) / 2) >= distance) far += count;
  });
  return far / total;
}

function normalP(distance: number, m: number, n: number, tieSizes: readonly number[]): number {
  const all = m + n;
  const ties = tieSizes.reduce((sum, size) => sum + (size ** 3 - size), 0);
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  if (variance <= 0) return 1;
  const z = Math.max(0, distance - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * normalCdf(-z));
}

/** Twice the midranks, in the order given, and the sizes of the groups of equal values. */
function midranks(values: readonly number[]): { doubled: number[]; tieSizes: number[] } {
  const order = values.map((value, index) => ({ value, index })).sort((x, y) => x.value - y.value);
  const doubled = values.map(() => 0);
  const tieSizes: number[] = [];
  for (let start = 0; start < order.length;) {
    const value = order[start]?.value;
    let end = start + 1;
    while (end < order.length && order[end]?.value === value) end += 1;
    // Ranks start + 1 ... end: their mean, twice.
    for (const { index } of order.slice(start, end)) doubled[index] = start + 1 + end;
    if (end - start > 1) tieSizes.push(end - start);
    start = end;
  }
  return { doubled, tieSizes };
}

/** Smallest n a side at which two samples can differ at `alpha`, two-sided: 2 / C(2n, n) <= alpha. */
export function smallestSamples(alpha: number): number {
  let n = 1;
  while (2 * at(uDistribution(n, n), 0) > alpha) n += 1;
  return n;
}
