import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logSample, robustMoments } from './log-sample.js';

const SCALE = 0.02;
/** Ten scores of a standard normal's quantiles, around 0. */
const SCORES = [-1.55, -1, -0.65, -0.38, -0.12, 0.12, 0.38, 0.65, 1, 1.55];
const times = (scores: readonly number[]): number[] => scores.map((score) => 1000 * Math.exp(SCALE * score));
const moments = (scores: readonly number[]) => robustMoments(logSample(times(scores)), SCALE);
/** Where the centre lies, in scales from where all scores are 0. */
const centreOf = (scores: readonly number[]): number => (moments(scores).mean - Math.log(1000)) / SCALE;

/** Hampel's psi with corners 3, 3 and 6, by interpolation between them. */
function psi(u: number): number {
  const corners = [
    [0, 0],
    [3, 3],
    [6, 0],
    [Infinity, 0],
  ] as const;
  const right = corners.findIndex(([at]) => Math.abs(u) <= at);
  const [[x0, y0], [x1, y1]] = [corners[Math.max(0, right - 1)] ?? [0, 0], corners[right] ?? [0, 0]];
  return x1 === Infinity || x1 === x0 ? 0 : Math.sign(u) * (y0 + ((Math.abs(u) - x0) / (x1 - x0)) * (y1 - y0));
}

describe('the centre on which a verdict rests', () => {
  it('is the mean where nothing lies far out', () => {
    const { mean, squares, n } = moments(SCORES);
    expect(mean).toBeCloseTo(Math.log(1000), 12);
    expect(squares / SCALE ** 2).toBeCloseTo(
      SCORES.reduce((sum, score) => sum + score ** 2, 0),
      9,
    );
    expect(n).toBe(10);
  });

  it('is the same with two strays among ten as without them, and says that it rests on eight', () => {
    const rest = SCORES.slice(1, 9);
    expect(centreOf([...rest, 9, 14])).toBeCloseTo(0, 9);
    expect(moments([...rest, 9, 14])).toMatchObject({ n: 8 });
    expect(moments([...rest, 9, 14]).squares).toBeCloseTo(moments(rest).squares, 12);
  });

  it('weighs what is half out by half', () => {
    const scores = [...SCORES.slice(0, 9), 4.5];
    const centre = centreOf(scores);
    expect(centre).toBeGreaterThan(centreOf(SCORES.slice(0, 9)));
    expect(centre).toBeLessThan(centreOf([...SCORES.slice(0, 9), 3]));
    expect(moments(scores).n).toBe(10);
  });

  it('takes three of ten far out for a second state of the cell: they count as three scales from the median', () => {
    const scores = [...SCORES.slice(0, 7), 12, 13, 14];
    // Median of these ten: halfway between -0.12 and 0.12.
    expect(centreOf(scores)).toBeCloseTo((SCORES.slice(0, 7).reduce((sum, score) => sum + score, 0) + 9) / 10, 9);
    expect(moments(scores).n).toBe(10);
  });

  it('counts all of fewer than five in full', () => {
    expect(centreOf([0, 0, 0, 20])).toBeCloseTo(5, 9);
  });

  it('solves the equation of the M-estimate, wherever one value strays', () => {
    const value = fc.double({ min: -2, max: 2, noNaN: true });
    const stray = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 6, maxLength: 20 }), stray, (scores, far) => {
        const all = [...scores, far];
        const centre = centreOf(all);
        expect(Math.abs(all.reduce((sum, score) => sum + psi(score - centre), 0))).toBeLessThan(1e-6);
      }),
    );
  });

  it('moves with the values, and does not ask for their order', () => {
    const score = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 20 }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (scores, by) => {
          expect(centreOf(scores.map((one) => one + by))).toBeCloseTo(centreOf(scores) + by, 6);
          expect(centreOf([...scores].reverse())).toBeCloseTo(centreOf(scores), 9);
        },
      ),
    );
  });
});
