import { at } from './median.js';

/**
 * Up to this many values a side the distribution of U is counted exactly; beyond, the normal approximation is used. At 25
 * a side the two differ by less than 0.004 in p, and by less than 0.001 where p is below 0.05 (tested).
 */
export const EXACT_UP_TO = 25;

export function countsExactly(m: number, n: number): boolean {
  return m <= EXACT_UP_TO && n <= EXACT_UP_TO;
}

const distributions = new Map<string, Float64Array>();

/**
 * Probabilities of U = 0 ... m n for samples of m and n values without ties, under the hypothesis of one distribution.
 * Counted as the ways to choose m of m + n ranks: Mann and Whitney, Annals of Mathematical Statistics 18 (1947) 50-60.
 */
export function uDistribution(m: number, n: number): Float64Array {
  const key = `${m} ${n}`;
  const known = distributions.get(key);
  if (known !== undefined) return known;
  // Doubled ranks 2, 4, ... as midranks are; the smallest sum is m (m + 1).
  const doubled = Array.from({ length: m + n }, (_, index) => 2 * (index + 1));
  const ways = waysToChoose(doubled, m);
  const least = m * (m + 1);
  const probabilities = Float64Array.from({ length: m * n + 1 }, (_, u) => at(ways, least + 2 * u));
  const total = probabilities.reduce((sum, count) => sum + count, 0);
  const distribution = probabilities.map((count) => count / total);
  distributions.set(key, distribution);
  return distribution;
}

/** How many ways there are to choose `size` of the doubled ranks, by their sum. */
export function waysToChoose(doubledRanks: readonly number[], size: number): Float64Array {
  const top = doubledRanks
    .toSorted((a, b) => b - a)
    .slice(0, size)
    .reduce((sum, rank) => sum + rank, 0);
  const width = top + 1;
  // ways[k * width + s]: choices of k ranks with sum s among the ranks seen so far.
  const ways = new Float64Array((size + 1) * width);
  ways[0] = 1;
  for (const rank of doubledRanks) {
    for (let k = size; k >= 1; k -= 1) {
      const row = k * width;
      for (let sum = top; sum >= rank; sum -= 1)
        ways[row + sum] = at(ways, row + sum) + at(ways, row - width + sum - rank);
    }
  }
  return ways.slice(size * width);
}

/**
 * Largest k with P(U < k) <= tail: how many of the m n ordered differences lie outside an interval on each side.
 * 0 where even U = 0 is more likely than that.
 */
export function outsideOnEachSide(m: number, n: number, tail: number): { readonly k: number; readonly tail: number } {
  const distribution = uDistribution(m, n);
  let below = 0;
  let k = 0;
  // A probability that equals the tail but for rounding counts as equal.
  while (2 * k < m * n && below + at(distribution, k) <= tail * (1 + 1e-12)) {
    below += at(distribution, k);
    k += 1;
  }
  return { k, tail: below };
}
