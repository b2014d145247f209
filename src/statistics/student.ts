/**
 * Student's t for whole degrees of freedom, from its closed form: Abramowitz and Stegun, Handbook of Mathematical Functions,
 * 26.7.3 and 26.7.4. In this room rather than from a library because reports are also made inside the cluster, by bundles of
 * at most 100 kB without packages; stdlib's t takes 350 kB.
 */

/** P(|T| <= t) with `df` degrees of freedom. Throws RangeError unless df is a whole number above 0. */
function central(t: number, df: number): number {
  if (!Number.isInteger(df) || df < 1)
    throw new RangeError(`degrees of freedom are ${df}; a whole number above 0 is needed`);
  const angle = Math.atan(t / Math.sqrt(df));
  const cosine = Math.cos(angle);
  const square = cosine * cosine;
  const odd = df % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= (square * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

/** P(|T| > |t|), the two-sided p-value. Absolute error below 1e-14: values below 1e-13 say no more than that. */
export function studentTwoSided(t: number, df: number): number {
  return Math.min(1, Math.max(0, 1 - central(Math.abs(t), df)));
}

/** P(T > t). */
export function studentUpper(t: number, df: number): number {
  const outside = studentTwoSided(t, df) / 2;
  return t >= 0 ? outside : 1 - outside;
}

const quantiles = new Map<string, number>();

/** The t that |T| stays within with probability `level`, 0 < level < 1. By bisection, to the last digits. */
export function studentQuantile(level: number, df: number): number {
  // Cells of a grid ask for the same one again and again.
  const key = `${level} ${df}`;
  const quantile = quantiles.get(key) ?? bisected(level, df);
  quantiles.set(key, quantile);
  return quantile;
}

function bisected(level: number, df: number): number {
  let high = 1;
  while (central(high, df) < level && high < 1e15) high *= 2;
  let low = 0;
  for (let step = 0; step < 200 && high - low > Number.EPSILON * high; step += 1) {
    const middle = (low + high) / 2;
    if (central(middle, df) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
