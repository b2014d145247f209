import { requireFinite } from './checks.js';
import { median } from './median.js';
import { mean, variance as sampleVariance } from './moments.js';

/** A variance and what it rests on. */
export interface Variance {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** What the cells' variances have in common; 0 degrees of freedom: nothing, each stands for itself. */
export type VariancePrior = Variance;

/** Below this many cells nothing is said about how variances vary from cell to cell. */
const FEWEST_CELLS = 8;

/**
 * How alike the variances of many cells are: the scaled inverse chi-squared distribution whose log-variances have the mean and
 * spread of those seen. Infinite degrees of freedom: they differ no more than chance makes them. Source: Smyth, Statistical
 * Applications in Genetics and Molecular Biology 3 (2004) article 3, section 6.2 (limma's fitFDist). Variances of 0 are taken
 * as 1e-5 of the median one, as limma does. Throws RangeError on values that are not finite.
 */
export function variancePrior(cells: readonly Variance[]): VariancePrior {
  const usable = cells.filter(({ degreesOfFreedom }) => degreesOfFreedom > 0);
  if (usable.length < FEWEST_CELLS) return { variance: 0, degreesOfFreedom: 0 };
  requireFinite(
    usable.map(({ variance }) => variance),
    'variances',
  );
  const floor = 1e-5 * median(usable.map(({ variance }) => variance));
  if (floor === 0) return { variance: 0, degreesOfFreedom: 0 };
  const logs = usable.map(({ variance, degreesOfFreedom: df }) => {
    return Math.log(Math.max(variance, floor)) - digamma(df / 2) + Math.log(df / 2);
  });
  const middle = mean(logs);
  const excess = sampleVariance(logs) - mean(usable.map(({ degreesOfFreedom }) => trigamma(degreesOfFreedom / 2)));
  if (excess <= 0) return { variance: Math.exp(middle), degreesOfFreedom: Infinity };
  const half = trigammaInverse(excess);
  return { variance: Math.exp(middle + digamma(half) - Math.log(half)), degreesOfFreedom: 2 * half };
}

/**
 * A cell's variance drawn towards the prior, weighted by degrees of freedom. The sum of both is its new degrees of freedom,
 * rounded down, and at most what all cells have together.
 */
export function moderated(cell: Variance, prior: VariancePrior, mostDegreesOfFreedom: number): Variance {
  const most = Math.max(cell.degreesOfFreedom, mostDegreesOfFreedom);
  if (prior.degreesOfFreedom === Infinity) return { variance: prior.variance, degreesOfFreedom: most };
  const total = prior.degreesOfFreedom + cell.degreesOfFreedom;
  const variance =
    total === 0
      ? cell.variance
      : (prior.degreesOfFreedom * prior.variance + cell.degreesOfFreedom * cell.variance) / total;
  return { variance, degreesOfFreedom: Math.min(most, Math.floor(total)) };
}

/** Abramowitz and Stegun 6.3.5 up to 10, then 6.3.18. Relative error below 1e-12 for x >= 0.5. */
export function digamma(x: number): number {
  let value = 0;
  let shifted = x;
  for (; shifted < 10; shifted += 1) value -= 1 / shifted;
  const f = 1 / shifted ** 2;
  return (
    value + Math.log(shifted) - 0.5 / shifted - f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f / 132))))
  );
}

/** Abramowitz and Stegun 6.4.6 up to 10, then 6.4.12. Relative error below 1e-12 for x > 0. */
export function trigamma(x: number): number {
  let value = 0;
  let shifted = x;
  for (; shifted < 10; shifted += 1) value += 1 / shifted ** 2;
  const f = 1 / shifted ** 2;
  const series = 1 / 6 - f * (1 / 30 - f * (1 / 42 - f * (1 / 30 - (f * 5) / 66)));
  return value + 1 / shifted + f / 2 + (f * series) / shifted;
}

/** The x whose trigamma is y, y > 0: trigamma falls from infinity to 0. By bisection of the logarithm. */
function trigammaInverse(y: number): number {
  let [low, high] = [-20, 20];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (trigamma(Math.exp(middle)) > y) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
