import { requireFinite, requireShare } from './checks.js';
import type { Interval } from './interval.js';
import { at } from './median.js';
import { mean, squaresAround, variance } from './moments.js';
import { studentQuantile } from './student.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  /** Units of y per unit of x: with batches and microseconds, 1000 times this is ns per sample. */
  readonly slope: number;
  /** y at x = 0: the fixed cost. */
  readonly intercept: number;
  /** Null where the points say nothing of their own spread: below 3 of them. */
  readonly slopeInterval: Interval | null;
  readonly interceptInterval: Interval | null;
  readonly n: number;
}

/**
 * Least-squares line. Give every repeat as a point of its own: where each x has at least two, the intervals rest on the spread
 * at each x, so they stay right when it grows with y, as it does for latencies, and when the curve is no line (the slope is then
 * that of the line closest to it over these x); degrees of freedom by Welch and Satterthwaite (Biometrics Bulletin 2 (1946)
 * 110-114), rounded down. With single points only, as of a published table, they are the textbook's from the residuals, and
 * show mostly how far the table is from a line. Throws RangeError on values that are not finite, or fewer than two different x.
 */
export function fitLine(points: readonly Point[], level = 0.95): Line {
  const x = points.map((point) => point.x);
  const y = points.map((point) => point.y);
  requireFinite(x, 'x');
  requireFinite(y, 'y');
  requireShare(level, 'level');
  const n = points.length;
  const meanX = mean(x);
  const meanY = mean(y);
  const spread = squaresAround(meanX, x);
  if (spread === 0) throw new RangeError(`a line needs two different x; all ${n} are ${at(x, 0)}`);
  const slope = x.reduce((sum, value, index) => sum + (value - meanX) * (at(y, index) - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  const spreads = spreadsOf(points, { slope, intercept });
  // Both estimates are weighted sums of the y, with a weight that only depends on x.
  const slopeWeight = (value: number): number => (value - meanX) / spread;
  const interceptWeight = (value: number): number => 1 / n - meanX * slopeWeight(value);
  return {
    slope,
    intercept,
    slopeInterval: intervalOf(slope, slopeWeight, spreads, level),
    interceptInterval: intervalOf(intercept, interceptWeight, spreads, level),
    n,
  };
}

/** Points that share one variance. */
interface Spread {
  readonly x: readonly number[];
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

function spreadsOf(points: readonly Point[], { slope, intercept }: { slope: number; intercept: number }): Spread[] {
  const groups = new Map<number, number[]>();
  for (const { x, y } of points) groups.set(x, [...(groups.get(x) ?? []), y]);
  if ([...groups.values()].every((group) => group.length > 1)) {
    return [...groups].map(([x, group]) => ({
      x: group.map(() => x),
      variance: variance(group),
      degreesOfFreedom: group.length - 1,
    }));
  }
  const degreesOfFreedom = points.length - 2;
  const residuals = points.map(({ x, y }) => y - intercept - slope * x);
  return [{ x: points.map(({ x }) => x), variance: squaresAround(0, residuals) / degreesOfFreedom, degreesOfFreedom }];
}

function intervalOf(
  estimate: number,
  weight: (x: number) => number,
  spreads: readonly Spread[],
  level: number,
): Interval | null {
  const parts = spreads.map(({ x, variance: each, degreesOfFreedom }) => ({
    variance: each * x.reduce((sum, value) => sum + weight(value) ** 2, 0),
    degreesOfFreedom,
  }));
  const total = parts.reduce((sum, part) => sum + part.variance, 0);
  if (!Number.isFinite(total)) return null;
  if (total === 0) return { low: estimate, high: estimate, level };
  // By shares, because squares of very small variances would be 0.
  const pooled = 1 / parts.reduce((sum, part) => sum + (part.variance / total) ** 2 / part.degreesOfFreedom, 0);
  // What rounding takes from a whole number is given back.
  const reach = studentQuantile(level, Math.max(1, Math.floor(pooled + 1e-9))) * Math.sqrt(total);
  return { low: estimate - reach, high: estimate + reach, level };
}
