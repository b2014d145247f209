import { normalCdf } from '../statistics/index.js';

/** Points of the grid over which the density of the test statistic is carried from look to look. */
const POINTS = 400;
/** Standard deviations below the mean that the grid reaches. */
const REACH = 8;

/**
 * Upper boundaries, as z-values, of looks at accumulating data: the chance of having crossed one by each look, while nothing
 * is there, is what has been spent by then. Errors are spent as total (information / last information)^power. Source: Lan and
 * DeMets, Biometrika 70 (1983) 659-663; power family of Kim and DeMets, Biometrika 74 (1987) 149-154; computed by the recursion
 * of Armitage, McPherson and Rowe, Journal of the Royal Statistical Society A 132 (1969) 235-244.
 *
 * @param information rising, in any unit: one over the variance of the estimate at each look
 * @param total chance of crossing any of them
 */
export function spendingBoundaries(information: readonly number[], total: number, power: number): readonly number[] {
  const key = [total, power, ...information].join(' ');
  const boundaries = known.get(key) ?? computed(information, total, power);
  known.set(key, boundaries);
  return boundaries;
}

/** A design has a handful of these, and every cell asks for them. */
const known = new Map<string, readonly number[]>();

function computed(information: readonly number[], total: number, power: number): number[] {
  const last = information.at(-1) ?? NaN;
  const boundaries: number[] = [];
  // Of the score S = z sqrt(information), whose increments are independent: where it can be, and with what density.
  let grid: Grid | undefined;
  let before = 0;
  let spent = 0;
  for (const now of information) {
    const target = total * (now / last) ** power;
    const step = now - before;
    const exceeds = (limit: number): number =>
      grid === undefined
        ? normalCdf(-limit / Math.sqrt(step))
        : grid.scores.reduce(
            (sum, s, i) => sum + (grid?.weights[i] ?? 0) * normalCdf((s - limit) / Math.sqrt(step)),
            0,
          );
    const limit = solve(exceeds, target - spent, Math.sqrt(now));
    boundaries.push(limit / Math.sqrt(now));
    grid = carried(grid, limit, step, now);
    before = now;
    spent = target;
  }
  return boundaries;
}

interface Grid {
  readonly scores: Float64Array;
  /** Chance of being at the score, below every boundary so far. */
  readonly weights: Float64Array;
}

/** The density below the limit after one more step, by the midpoint rule. */
function carried(grid: Grid | undefined, limit: number, step: number, information: number): Grid {
  const low = -REACH * Math.sqrt(information);
  const width = (limit - low) / POINTS;
  const scores = Float64Array.from({ length: POINTS }, (_, index) => low + (index + 0.5) * width);
  const deviation = Math.sqrt(step);
  const density = (distance: number): number =>
    Math.exp(-(distance ** 2) / (2 * step)) / (deviation * Math.sqrt(2 * Math.PI));
  const weights = scores.map((score) =>
    grid === undefined
      ? width * density(score)
      : width * grid.scores.reduce((sum, from, i) => sum + (grid.weights[i] ?? 0) * density(score - from), 0),
  );
  return { scores, weights };
}

/** The limit that is exceeded with the given chance, by bisection; the chance falls as the limit rises. */
function solve(exceeds: (limit: number) => number, chance: number, deviation: number): number {
  let low = -REACH * deviation;
  let high = 2 * REACH * deviation;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (exceeds(middle) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
