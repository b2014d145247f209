import quantile from '@stdlib/stats-base-dists-normal-quantile';

/** Quantile of the standard normal. */
export function normalQuantile(p: number): number {
  return quantile(p, 0, 1);
}
