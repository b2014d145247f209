/** Throws RangeError unless there is a value and every value is a finite number; names what is wrong and where. */
export function requireFinite(values: readonly number[], name: string): void {
  if (values.length === 0) throw new RangeError(`${name}: no values; at least one is needed`);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`${name}[${at}] is ${String(values[at])}; it must be a finite number`);
}

/** As requireFinite, and every value above zero: ratios and logarithms need that. */
export function requirePositive(values: readonly number[], name: string): void {
  requireFinite(values, name);
  const at = values.findIndex((value) => value <= 0);
  if (at >= 0) throw new RangeError(`${name}[${at}] is ${String(values[at])}; it must be above 0, for its logarithm`);
}

/** Throws RangeError unless the value is strictly between 0 and 1. */
export function requireShare(value: number, name: string): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} is ${value}; it must be between 0 and 1, e.g. 0.95`);
}
