/**
 * Numbers as perf_analyzer prints them: no grouping, a decimal point in every locale,
 * six significant digits, scientific notation from one million on.
 */

/** Source of a regular expression for one printed number, `nan` and `inf` included. */
export const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|nan|inf)`;

/**
 * Above this an integer is an unsigned subtraction that wrapped around, not a time:
 * 2^53 microseconds are 285 years.
 */
const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * The value of a printed number, or undefined for what is no measurement:
 * `nan`, `inf`, and unsigned wrap-arounds such as 18446744073709551615.
 */
export function measured(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= LARGEST ? value : undefined;
}
