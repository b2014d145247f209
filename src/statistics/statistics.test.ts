import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLISHED_MICROSECONDS } from '../dlrm/published.js';
import { PAGE_BATCHES } from '../spec/page-batches.js';
import { earlyStopping, fitLine, holm, minimumQueries, modifiedZ, outliers, passes } from './index.js';
import { queriesFor, slowQueriesAllowed, varianceComponents, type Interval, type RunValues } from './index.js';
import { largestDifference, numberOf, numbersOf, textsOf } from './reference.js';

describe('Holm', () => {
  it("has R's adjusted values", () => {
    expect(largestDifference(holm(numbersOf('p')), numbersOf("p.adjust(p, 'holm')"))).toBeLessThan(1e-14);
  });

  it('keeps the order of the p-values and never lowers one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        const adjusted = holm(p);
        adjusted.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(p[i] ?? NaN);
          expect(value).toBeLessThanOrEqual(1);
          adjusted.forEach((other, j) => {
            if ((p[i] ?? 0) < (p[j] ?? 0)) expect(value).toBeLessThanOrEqual(other);
          });
        });
      }),
    );
  });

  it('refuses what is no p-value', () => {
    expect(() => holm([0.5, NaN])).toThrow('p[1] is NaN');
    expect(() => holm([1.5])).toThrow('p[0] is 1.5');
  });
});

describe('outliers', () => {
  it('have the modified z-scores of R', () => {
    const expected = numbersOf('0.6744897501960817 * (a10 - median(a10)) / mad(a10, constant = 1)');
    expect(largestDifference(modifiedZ(numbersOf('a10')), expected)).toBeLessThan(1e-12);
  });

  it('are flagged beyond 3.5', () => {
    expect(outliers([100, 101, 99, 100.5, 99.5, 140])).toEqual([5]);
    expect(outliers([100, 101, 99, 100.5, 99.5, 100])).toEqual([]);
  });

  it('are found among values most of which are equal', () => {
    expect(modifiedZ([5, 5, 5])).toEqual([0, 0, 0]);
    expect(outliers([380, 380, 380, 380, 380, 380, 380, 380, 380, 400])).toEqual([9]);
  });
});

describe('line', () => {
  const points = numbersOf('x').map((x, index) => ({ x, y: numbersOf('y')[index] ?? NaN }));

  const page = (variant: string): { x: number; y: number }[] =>
    PAGE_BATCHES.map((x, index) => ({ x, y: PUBLISHED_MICROSECONDS[variant]?.[index] ?? NaN })).filter(
      ({ x }) => x >= 8192,
    );
  const limits = (interval: Interval | null): number[] => [interval?.low ?? NaN, interval?.high ?? NaN];

  it('has the coefficients and, from repeats, the intervals that R gives', () => {
    const line = fitLine(points);
    expect(largestDifference([line.intercept, line.slope], numbersOf('unname(coef(lm(y ~ x)))'))).toBeLessThan(1e-12);
    expect(largestDifference(limits(line.interceptInterval), numbersOf('welch.interval(x, y, 1)'))).toBeLessThan(1e-10);
    expect(largestDifference(limits(line.slopeInterval), numbersOf('welch.interval(x, y, 2)'))).toBeLessThan(1e-10);
  });

  it("has R's textbook intervals from single points", () => {
    const line = fitLine(page('native_tf'));
    const [intercept, slope] = [1, 2].map((i) => numbersOf(`unname(confint(lm(page.native ~ page.x))[${i}, ])`));
    expect(largestDifference(limits(line.interceptInterval), intercept ?? [])).toBeLessThan(1e-10);
    expect(largestDifference(limits(line.slopeInterval), slope ?? [])).toBeLessThan(1e-10);
  });

  it.each([
    ['native_tf', 1577],
    ['tf_with_hps', 219],
    ['fp32_trt_with_hps', 186],
    ['fp16_trt_with_hps', 143],
  ])('gives the ns per sample of the published %s from batch 8192 on', (variant, expected) => {
    const { slope } = fitLine(page(variant).map(({ x, y }) => ({ x, y: 1000 * y })));
    expect(Math.abs(slope - expected)).toBeLessThan(1);
  });

  it('has intervals of no width where repeats agree', () => {
    const line = fitLine([1, 1, 2, 2].map((x) => ({ x, y: 5 * x })));
    expect(line.slopeInterval).toEqual({ low: 5, high: 5, level: 0.95 });
  });

  it('has no intervals through two points, and needs two different x', () => {
    const line = fitLine([
      { x: 1, y: 3 },
      { x: 3, y: 7 },
    ]);
    expect(line).toEqual({ slope: 2, intercept: 1, slopeInterval: null, interceptInterval: null, n: 2 });
    expect(() =>
      fitLine([
        { x: 2, y: 1 },
        { x: 2, y: 3 },
      ]),
    ).toThrow('all 2 are 2');
    expect(() => fitLine([])).toThrow('x: no values');
  });

  it('does not depend on the order of the points and follows the units of y', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: 1, max: 99 }), y: fc.integer({ min: 1, max: 999 }) })),
        (all) => {
          fc.pre(new Set(all.map(({ x }) => x)).size > 1);
          const line = fitLine(all);
          // Rounding follows the size of what is added up, not that of the slope, which may be next to nothing.
          const size = Math.max(...all.map(({ y }) => y));
          const near = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-9 * size;
          expect(near(fitLine(all.toReversed()).slope, line.slope)).toBe(true);
          const scaled = fitLine(all.map(({ x, y }) => ({ x, y: 1000 * y })));
          expect(near(scaled.slope / 1000, line.slope)).toBe(true);
          const [high, before] = [scaled.slopeInterval?.high ?? 0, line.slopeInterval?.high ?? 0];
          expect(Math.abs(high / 1000 - before)).toBeLessThanOrEqual(1e-6 * (size + Math.abs(before)));
        },
      ),
    );
  });
});

describe('variance components', () => {
  const runsOf = (node: string[], gpu: string[], run: string[], values: number[]): RunValues[] =>
    values.map((value, index) => ({
      node: node[index] ?? '',
      gpu: gpu[index] ?? '',
      run: run[index] ?? '',
      values: [value],
    }));

  it('are those of the classical analysis where the data is balanced', () => {
    const [node, gpu, run] = ['balanced$node', 'balanced$gpu', 'balanced$run'].map(textsOf);
    const found = varianceComponents(runsOf(node ?? [], gpu ?? [], run ?? [], numbersOf('balanced$time')));
    expect(
      largestDifference(
        found.map(({ variance }) => variance ?? NaN),
        numbersOf('classical(balanced)'),
      ),
    ).toBeLessThan(1e-9);
    expect(found.map(({ groups }) => groups)).toEqual([3, 6, 18, 36]);
    expect(found.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 12);
  });

  it('are those of moments from projections where it is not, with negative ones set to 0 and marked', () => {
    const [node, gpu, run] = ['nested$node', 'nested$gpu', 'nested$run'].map(textsOf);
    const found = varianceComponents(runsOf(node ?? [], gpu ?? [], run ?? [], numbersOf('nested$value')));
    const expected = numbersOf('moments(nested, log(nested$value))');
    found.forEach(({ variance, negative }, index) => {
      const value = expected[index] ?? NaN;
      expect(negative).toBe(value < 0);
      expect(variance).toBeCloseTo(Math.max(0, value), 12);
    });
  });

  it('say what the data cannot tell', () => {
    const oneGpu = ['1', '2', '3'].map((run) => ({ node: 'n', gpu: 'g', run, values: [100, 102] }));
    const [node, gpu, run, within] = varianceComponents(oneGpu);
    expect([node?.variance, gpu?.variance]).toEqual([null, null]);
    expect(run).toMatchObject({ variance: 0, negative: true });
    expect(within?.share).toBe(1);
    expect(
      varianceComponents([{ node: 'n', gpu: 'g', run: '1', values: [5] }]).map(({ variance }) => variance),
    ).toEqual([null, null, null, null]);
  });

  it('do not depend on order or units', () => {
    const values = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 1, maxLength: 3 });
    const name = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.record({ node: name, gpu: name, run: name, values }), { minLength: 1 }), (runs) => {
        const found = varianceComponents(runs);
        const other = varianceComponents(
          runs.toReversed().map((one) => ({ ...one, values: one.values.map((v) => 7 * v) })),
        );
        found.forEach(({ variance }, index) => {
          expect(other[index]?.variance ?? -1).toBeCloseTo(variance ?? -1, 9);
        });
      }),
    );
  });

  it('names the run whose value is wrong', () => {
    expect(() => varianceComponents([{ node: 'n1', gpu: 'g2', run: '3', values: [1, 0] }])).toThrow(
      'values of run 3 on GPU g2 of node n1[1] is 0',
    );
  });
});

describe('early stopping', () => {
  it("asks for MLPerf's numbers of queries", () => {
    expect([0.9, 0.95, 0.97, 0.99].map((p) => minimumQueries(p))).toEqual([24_576, 57_344, 90_112, 270_336]);
    // What LoadGen demands of the single-stream and multi-stream scenarios.
    expect(queriesFor(1, 0.9)).toBe(64);
    expect(queriesFor(1, 0.99)).toBe(662);
  });

  it('follows the binomial tail that R has', () => {
    // 62 and 63 fast ones besides one slow one; pbinom is the chance of at most that many slow ones.
    expect(numberOf('pbinom(1, 64, 0.1)') <= 0.01).toBe(passes(63, 1, 0.9));
    expect(numberOf('pbinom(1, 63, 0.1)') <= 0.01).toBe(passes(62, 1, 0.9));
    for (const slow of [2500, 2600]) {
      expect(passes(270_336 - slow, slow, 0.99)).toBe(numberOf(`pbinom(${slow}, 270336, 0.01)`) <= 0.01);
    }
  });

  it('bounds the percentile once there are enough queries, and tightens with more', () => {
    const latencies = (n: number): number[] => Array.from({ length: n }, (_, index) => (1000 * (index + 1)) / n);
    expect(earlyStopping(latencies(63), 0.9)).toMatchObject({
      estimate: null,
      needed: 64,
      measured: 904.7619047619048,
    });
    expect(earlyStopping(latencies(64), 0.9).estimate).toBe(1000);
    const more = [1000, 10_000, 100_000].map((n) => earlyStopping(latencies(n), 0.9).estimate ?? 0);
    expect(more.toSorted((x, y) => y - x)).toEqual(more);
    expect(more.at(-1)).toBeGreaterThan(900);
    expect(more.at(-1)).toBeLessThan(905);
  });

  it('allows more slow queries the more there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(0.5, 0.9, 0.99), (n, percentile) => {
        const slow = slowQueriesAllowed(n, percentile);
        expect(slow === 0 || queriesFor(slow, percentile) <= n).toBe(true);
        expect(queriesFor(slow + 1, percentile)).toBeGreaterThan(n);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses percentiles in percent', () => {
    expect(() => earlyStopping([1, 2], 99)).toThrow('percentile is 99');
  });
});
