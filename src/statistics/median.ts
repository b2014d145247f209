import { requireFinite } from './checks.js';

/** The values, ascending; the list itself is left as it is. */
export function ascending(values: readonly number[]): Float64Array {
  return new Float64Array(values).sort();
}

/** The i-th of a list, from 0. Throws RangeError outside of it. */
export function at<T>(values: ArrayLike<T>, index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no value at ${index} of ${values.length}`);
  return value;
}

/** Median of ascending values; of an even count, the mean of the middle two. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const lower = at(sorted, Math.floor((sorted.length - 1) / 2));
  const upper = at(sorted, Math.floor(sorted.length / 2));
  return lower === upper ? lower : lower + (upper - lower) / 2;
}

/** Median; of an even count, the mean of the middle two. Throws RangeError on an empty list or a NaN. */
export function median(values: readonly number[]): number {
  requireFinite(values, 'values');
  return medianOfSorted(ascending(values));
}
