import cdf from '@stdlib/stats-base-dists-normal-cdf';
import quantile from '@stdlib/stats-base-dists-normal-quantile';

/** Distribution function of the standard normal. */
export function normalCdf(z: number): number {
  return cdf(z, 0, 1);
}

/** Quantile of the standard normal. */
export function normalQuantile(p: number): number {
  return quantile(p, 0, 1);
}
