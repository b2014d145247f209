import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmannRatio, mannWhitney, normalCdf, smallestSamples } from './index.js';
import { uDistribution } from './rank-sum.js';
import { largestDifference, numberOf, numbersOf } from './reference.js';

const [a10, b10, a4, b7, a30, b28] = ['a10', 'b10', 'a4', 'b7', 'a30', 'b28'].map(numbersOf) as [
  number[],
  number[],
  number[],
  number[],
  number[],
  number[],
];
const tiedA = numbersOf('tied.a');
const tiedB = numbersOf('tied.b');

const times = (maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength });
const coarse = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 9 });

describe('Mann-Whitney', () => {
  it('has the distribution of U that R has', () => {
    expect(largestDifference([...uDistribution(3, 7)].slice(0, 11), numbersOf('dwilcox(0:10, 3, 7)'))).toBeLessThan(
      1e-14,
    );
    const cumulative: number[] = [];
    uDistribution(10, 10).forEach((p) => cumulative.push((cumulative.at(-1) ?? 0) + p));
    expect(largestDifference(cumulative.slice(0, 24), numbersOf('pwilcox(0:23, 10, 10)'))).toBeLessThan(1e-13);
    const upTo250 = uDistribution(25, 25)
      .slice(0, 251)
      .reduce((sum, p) => sum + p, 0);
    expect(largestDifference([upTo250], [numberOf('pwilcox(250, 25, 25)')])).toBeLessThan(1e-12);
  });

  it("has R's exact p-values without ties", () => {
    expect(mannWhitney(a10, b10)).toMatchObject({ u: numberOf('wilcox.test(a10, b10)$statistic'), method: 'exact' });
    expect(mannWhitney(a10, b10).p).toBeCloseTo(numberOf('wilcox.test(a10, b10)$p.value'), 13);
    expect(mannWhitney(a4, b7).p).toBeCloseTo(numberOf('wilcox.test(a4, b7)$p.value'), 13);
  });

  it('has the p-values of full enumeration with ties', () => {
    expect(mannWhitney(tiedA, tiedB).p).toBeCloseTo(numberOf('exact.p(tied.a, tied.b)'), 13);
    expect(mannWhitney(tiedB, tiedA).p).toBeCloseTo(numberOf('exact.p(tied.b, tied.a)'), 13);
    expect(mannWhitney([1, 2, 2, 4], [2, 5, 5, 8]).p).toBeCloseTo(
      numberOf('exact.p(c(1, 2, 2, 4), c(2, 5, 5, 8))'),
      13,
    );
    expect(mannWhitney([1, 1, 1], [1, 1, 1, 1]).p).toBe(1);
  });

  it("has R's normal approximation, corrected for ties and continuity, beyond 25 values a side", () => {
    expect(mannWhitney(a30, b28).method).toBe('normal');
    expect(mannWhitney(a30, b28).p).toBeCloseTo(numberOf('wilcox.test(a30, b28, exact = FALSE)$p.value'), 12);
    const tied = mannWhitney(numbersOf('tied30'), numbersOf('tied28'));
    expect(tied.p).toBeCloseTo(numberOf('wilcox.test(tied30, tied28, exact = FALSE)$p.value'), 12);
  });

  it('differs little from the approximation where it is given up, least where it matters', () => {
    let below = 0;
    const differences = [...uDistribution(25, 25)].slice(0, 313).map((probability, u) => {
      below += probability;
      const z = (u + 0.5 - 312.5) / Math.sqrt((25 * 25 * 51) / 12);
      return { p: 2 * below, difference: Math.abs(2 * below - 2 * normalCdf(z)) };
    });
    expect(Math.max(...differences.map(({ difference }) => difference))).toBeLessThan(0.004);
    const small = differences.filter(({ p }) => p < 0.05);
    expect(Math.max(...small.map(({ difference }) => difference))).toBeLessThan(0.001);
    expect(small.length).toBeGreaterThan(100);
  });

  it.each([
    [0.05, 4],
    [0.01, 5],
    [0.05 / 44, 7],
  ])('can reach significance at %f from %i values a side', (alpha, n) => {
    expect(smallestSamples(alpha)).toBe(n);
    const low = Array.from({ length: n }, (_, index) => index + 1);
    expect(
      mannWhitney(
        low,
        low.map((value) => value + 100),
      ).p,
    ).toBeLessThanOrEqual(alpha);
  });

  it('does not depend on order, units or which side is which', () => {
    fc.assert(
      fc.property(coarse, coarse, (a, b) => {
        const there = mannWhitney(a, b);
        const back = mannWhitney(b, a);
        expect(back.p).toBeCloseTo(there.p, 12);
        expect(back.u).toBe(a.length * b.length - there.u);
        expect(mannWhitney(a.toReversed(), b).p).toBe(there.p);
        expect(
          mannWhitney(
            a.map((value) => 8 * value),
            b.map((value) => 8 * value),
          ),
        ).toEqual(there);
        expect(there.p).toBeGreaterThan(0);
        expect(there.p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('Hodges-Lehmann ratio', () => {
  it("has R's estimate and exact interval", () => {
    for (const [a, b, names] of [
      [a10, b10, 'a10), log(b10)'],
      [a4, b7, 'a4), log(b7)'],
    ] as const) {
      const { ratio, interval } = hodgesLehmannRatio(a, b);
      expect(largestDifference([ratio], [numberOf(`exp(median(outer(log(${names}, '-')))`)])).toBeLessThan(1e-12);
      const limits = numbersOf(`exp(wilcox.test(log(${names}, conf.int = TRUE)$conf.int)`);
      expect(largestDifference([interval?.low ?? 0, interval?.high ?? 0], limits)).toBeLessThan(1e-12);
      expect(interval?.level).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('contains 1 exactly where the test does not reject', () => {
    fc.assert(
      fc.property(times(12), times(12), (a, b) => {
        const { interval } = hodgesLehmannRatio(a, b);
        fc.pre(interval !== null && new Set([...a, ...b].map(Math.log)).size === a.length + b.length);
        const contains = interval.low <= 1 && interval.high >= 1;
        expect(mannWhitney(a, b).p > 0.05).toBe(contains);
      }),
    );
  });

  it('has no 95 % interval below 4 values a side', () => {
    expect(hodgesLehmannRatio([1, 2, 3], [4, 5, 6]).interval).toBeNull();
    expect(hodgesLehmannRatio([1, 2, 3, 4], [4, 5, 6, 7]).interval?.level).toBeCloseTo(1 - 2 / 70, 12);
  });

  it('scales with a, and turns over when the sides are swapped', () => {
    fc.assert(
      fc.property(times(40), times(40), fc.double({ min: 0.1, max: 10, noNaN: true }), (a, b, factor) => {
        const there = hodgesLehmannRatio(a, b);
        const scaled = hodgesLehmannRatio(
          a.map((value) => value * factor),
          b,
        );
        expect(scaled.ratio / there.ratio / factor).toBeCloseTo(1, 9);
        const back = hodgesLehmannRatio(b, a.toReversed());
        expect(back.ratio * there.ratio).toBeCloseTo(1, 9);
        expect((back.interval?.low ?? 1) * (there.interval?.high ?? 1)).toBeCloseTo(1, 9);
        expect(back.interval?.level).toBe(there.interval?.level);
      }),
    );
  });

  it('gives nearly the exact interval just beyond the switch', () => {
    const even = (n: number, from: number): number[] =>
      Array.from({ length: n }, (_, index) => from * Math.exp(0.05 * Math.sin(index * 2.3)));
    const exact = hodgesLehmannRatio(even(25, 100), even(25, 103)).interval;
    const approximate = hodgesLehmannRatio(even(26, 100), even(26, 103)).interval;
    expect(Math.abs((exact?.low ?? 0) - (approximate?.low ?? 1))).toBeLessThan(0.005);
    expect(approximate?.level).toBeGreaterThanOrEqual(0.95);
    expect(approximate?.level).toBeLessThan(0.955);
  });

  it('refuses times of 0', () => {
    expect(() => hodgesLehmannRatio([1, 0], [1])).toThrow('a[1] is 0; it must be above 0');
  });
});
