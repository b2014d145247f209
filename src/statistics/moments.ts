/** Arithmetic mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sum of the squared distances from `centre`. */
export function squaresAround(centre: number, values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** Sample variance: the squares around the mean over n - 1; NaN of fewer than two values. */
export function variance(values: readonly number[]): number {
  return squaresAround(mean(values), values) / (values.length - 1);
}
