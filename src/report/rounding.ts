/** The one rounding rule of the report: half up, on exact ratios, as the published table has it. */

/** Whole microseconds, half up: 1114.5 becomes "1115". */
export function wholeMicroseconds(value: number): string {
  return String(Math.floor(value + 0.5));
}

/**
 * `numerator / denominator` with two decimals, half up. The quotient is never scaled after it was rounded to a double, so that
 * an exact half (201 / 200 = 1.005) goes up as it would on paper.
 */
export function ratioTwoDecimals(numerator: number, denominator: number): string {
  return (Math.floor((200 * numerator + denominator) / (2 * denominator)) / 100).toFixed(2);
}

/** A number for people: at most `digits` significant digits, with an exponent below 0.0001. */
export function significant(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits));
  return rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}
