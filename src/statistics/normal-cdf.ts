/** From here on the tail is taken from its continued fraction, which keeps its digits where 1 - x would lose them. */
const TAIL = 2.5;
const MOST_TERMS = 200;

/**
 * Distribution function of the standard normal, to 12 digits and more, also far out in the lower tail. Sources: Marsaglia, Evaluating
 * the Normal Distribution, Journal of Statistical Software 11 (2004) issue 4, for the series; Abramowitz and Stegun 26.2.14 for
 * the continued fraction. Written out here because the conductor has it without any library.
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  if (z > TAIL) return 1 - upperTail(z);
  if (z < -TAIL) return upperTail(-z);
  let term = z;
  let sum = z;
  for (let k = 1; k < MOST_TERMS && Math.abs(term) > Number.EPSILON * Math.abs(sum); k += 1) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + sum * density(z);
}

/** P(Z > z) for z of at least {@link TAIL}, innermost fraction first. */
function upperTail(z: number): number {
  if (z === Infinity) return 0;
  let fraction = z;
  for (let k = MOST_TERMS; k > 0; k -= 1) fraction = z + k / fraction;
  return density(z) / fraction;
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}
