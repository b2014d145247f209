import { studentQuantile, studentUpper } from './student.js';

/** Halvings of a range of a third: to 1e-7 standard errors. */
const STEPS = 22;

/**
 * Standard errors by which an interval reaches beyond both ends of where an estimate may lie, so that it holds the truth with
 * probability `level` at whichever end that is: the t with P(T <= t + gap) - P(T <= -t) = level. The two-sided quantile without
 * a gap, the one-sided with a wide one. Source: Imbens and Manski, Econometrica 72 (2004) 1845-1857.
 *
 * @param gap from end to end in standard errors, 0 or more
 * Throws RangeError unless the degrees of freedom are a whole number above 0.
 */
export function partlyKnownReach(gap: number, level: number, df: number): number {
  let high = studentQuantile(level, df);
  if (gap === 0) return high;
  let low = studentQuantile(2 * level - 1, df);
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (studentUpper(middle, df) + studentUpper(middle + gap, df) > 1 - level) low = middle;
    else high = middle;
  }
  return high;
}
