import { requireFinite, requireShare } from './checks.js';
import type { Interval } from './interval.js';
import { at } from './median.js';
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
  /** Null below 3 points, or where one point alone decides the slope. */
  readonly slopeInterval: Interval | null;
  readonly interceptInterval: Interval | null;
  readonly n: number;
}

/**
 * Least-squares line, with intervals that stay right when the spread of y grows with y, as it does for latencies, whose noise
 * is multiplicative: heteroscedasticity-consistent variances HC3 with t quantiles of n - 2 degrees of freedom. Sources:
 * MacKinnon and White, Journal of Econometrics 29 (1985) 305-325; Long and Ervin, The American Statistician 54 (2000)
 * 217-224, who advise HC3 below 250 points. Give every repeat as a point of its own. The intervals cover the noise, not a
 * bend: a curve that is no line has a slope that depends on the range of x.
 * Throws RangeError on values that are not finite, or fewer than two different x.
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
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  if (spread === 0) throw new RangeError(`a line needs two different x; all ${n} are ${at(x, 0)}`);
  const slope = x.reduce((sum, value, index) => sum + (value - meanX) * (at(y, index) - meanY), 0) / spread;
  const intercept = meanY - slope * meanX;
  // Each estimate is a weighted sum of the y; its variance is the sum of squared weights times squared residuals.
  let slopeVariance = 0;
  let interceptVariance = 0;
  x.forEach((value, index) => {
    const leverage = 1 / n + (value - meanX) ** 2 / spread;
    const residual = (at(y, index) - intercept - slope * value) / (1 - leverage);
    const slopeWeight = (value - meanX) / spread;
    const interceptWeight = 1 / n - meanX * slopeWeight;
    slopeVariance += (slopeWeight * residual) ** 2;
    interceptVariance += (interceptWeight * residual) ** 2;
  });
  const t = n > 2 ? studentQuantile(level, n - 2) : Infinity;
  const around = (value: number, variance: number): Interval | null => {
    const reach = t * Math.sqrt(variance);
    return Number.isFinite(reach) ? { low: value - reach, high: value + reach, level } : null;
  };
  return {
    slope,
    intercept,
    slopeInterval: around(slope, slopeVariance),
    interceptInterval: around(intercept, interceptVariance),
    n,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
