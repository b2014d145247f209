import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../statistics/index.js';
import { cellReferences, nextAction, publishedReference, sequentialTable, type CellReference } from './index.js';
import { spendingBoundaries } from './spending.js';

const reference: CellReference = { logMean: Math.log(1000), repeats: 10, deviation: 0.01, degreesOfFreedom: 90 };
const table = sequentialTable(reference);

describe('spending of errors over looks', () => {
  it('gives the one boundary of a single look', () => {
    expect(spendingBoundaries([1], 0.025, 1)[0]).toBeCloseTo(1.959964, 5);
  });

  it("gives the published boundaries of five looks for the power family's first two members", () => {
    // Jennison and Turnbull 2000, chapter 7: cumulative errors t and t^2 of 0.05 two-sided; the first look is exact.
    const [even, late] = [1, 2].map((power) => spendingBoundaries([1, 2, 3, 4, 5], 0.025, power));
    expect(even?.[0]).toBeCloseTo(2.575829, 5);
    expect(late?.[0]).toBeCloseTo(3.090232, 5);
    expect(even?.at(-1)).toBeLessThan(late?.[0] ?? 0);
    expect(late?.at(-1)).toBeLessThan(even?.at(-1) ?? 0);
  });

  it('is crossed as often as was said, in walks made with normal steps', () => {
    const boundaries = spendingBoundaries([1, 2, 3, 4, 5, 6], 0.1, 1);
    let seed = 1;
    const uniform = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return (seed + 0.5) / 2 ** 32;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const walks = 20_000;
    let crossed = 0;
    for (let walk = 0; walk < walks; walk += 1) {
      let score = 0;
      for (const [index, boundary] of boundaries.entries()) {
        score += normal();
        if (score / Math.sqrt(index + 1) < boundary) continue;
        crossed += 1;
        break;
      }
    }
    // Four standard errors of such a count.
    expect(Math.abs(crossed / walks - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / walks));
  });
});

describe('table of boundaries', () => {
  it('has a look after each repeat from the second on, and no early difference', () => {
    expect(table.looks.map(({ repeats }) => repeats)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(table.looks.filter(({ different }) => different === null).map(({ repeats }) => repeats)).toEqual([
      2, 3, 4, 5, 6,
    ]);
  });

  it('asks for more than one look would, everywhere', () => {
    const single = 1.959964;
    // One-sided 0.05 is spent on "the same": its single look would be at 1.645.
    expect(Math.min(...table.looks.map(({ same }) => same))).toBeGreaterThan(1.645);
    expect(Math.min(...table.looks.flatMap(({ different }) => different ?? []))).toBeGreaterThan(single);
    expect(2 * 44 * normalCdf(-(table.looks.at(-1)?.different ?? 0))).toBeLessThan(0.003);
  });

  it('survives JSON', () => {
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
  });

  it('refuses options out of range', () => {
    const options = { margin: 0.05, alpha: 0.003, cells: 44, maxRepeats: 14 };
    expect(() => sequentialTable(reference, { ...options, margin: 5 })).toThrow('margin is 5');
    expect(() => sequentialTable(reference, { ...options, maxRepeats: 3 })).toThrow('maxRepeats is 3');
    expect(() => sequentialTable(reference, { ...options, cells: 0 })).toThrow('cells are 0');
    expect(() => sequentialTable({ repeats: 0, degreesOfFreedom: 1 }, options)).toThrow('reference repeats are 0');
  });
});

describe('next action', () => {
  const around = (centre: number, n: number): number[] =>
    Array.from({ length: n }, (_, index) => centre * (1 + 0.005 * ((index % 3) - 1)));

  it('asks for a second repeat, and stops at it where nothing changed', () => {
    expect(nextAction([1001], reference, table)).toEqual({ action: 'continue' });
    expect(nextAction([1001, 1003], reference, table)).toEqual({ action: 'stop', verdict: 'same' });
  });

  it('measures on where two repeats are slow, and calls it at the seventh', () => {
    for (let n = 2; n < 7; n += 1)
      expect(nextAction(around(1060, n), reference, table)).toEqual({ action: 'continue' });
    expect(nextAction(around(1060, 7), reference, table)).toEqual({ action: 'stop', verdict: 'regressed' });
    expect(nextAction(around(1000 / 1.06, 7), reference, table)).toEqual({ action: 'stop', verdict: 'improved' });
  });

  it('gives up a cell too noisy for a verdict by the last repeat', () => {
    const noisy = { ...reference, deviation: 0.06 };
    expect(nextAction([1000, 1010], noisy, table)).toEqual({ action: 'stop', verdict: 'inconclusive' });
  });

  it('ends at the last repeat whatever comes', () => {
    const between = around(1035, 14);
    const wide = { ...reference, deviation: 0.03 };
    expect(nextAction(between, wide, table)).toEqual({ action: 'stop', verdict: 'inconclusive' });
    expect(nextAction([...between, 1035], wide, table)).toEqual({ action: 'stop', verdict: 'inconclusive' });
  });

  it('reproduces a published figure from the repeats alone', () => {
    const published = publishedReference(1000);
    const rules = sequentialTable(published);
    expect(nextAction([995, 1012], published, rules)).toEqual({ action: 'continue' });
    expect(nextAction(around(1001, 5), published, rules)).toEqual({ action: 'stop', verdict: 'reproduced' });
    expect(nextAction(around(1400, 8), published, rules)).toEqual({ action: 'stop', verdict: 'regressed' });
  });

  it('refuses a table that was made for another reference', () => {
    expect(() => nextAction([1, 2], { ...reference, repeats: 5 }, table)).toThrow(
      'the table is for 10 reference repeats',
    );
  });

  it('does not depend on units or on the order of the repeats', () => {
    const times = fc.array(fc.double({ min: 900, max: 1100, noNaN: true }), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(times, (values) => {
        const there = nextAction(values, reference, table);
        expect(nextAction(values.toReversed(), reference, table)).toEqual(there);
        const thousand = { ...reference, logMean: reference.logMean + Math.log(1000) };
        expect(
          nextAction(
            values.map((value) => value * 1000),
            thousand,
            table,
          ),
        ).toEqual(there);
      }),
    );
  });
});

describe('references from a run', () => {
  it('share one number of degrees of freedom, so that one table serves them', () => {
    const cells = Array.from({ length: 20 }, (_, cell) => [1000, 1000 + cell, 1010, 990, 995 - cell]);
    const references = cellReferences(cells);
    expect(new Set(references.map(({ degreesOfFreedom }) => degreesOfFreedom)).size).toBe(1);
    expect(references[0]?.degreesOfFreedom).toBeGreaterThanOrEqual(4);
    expect(references[0]?.logMean).toBeCloseTo(Math.log(999), 2);
  });

  it('know no spread from single values', () => {
    expect(cellReferences([[1000]])).toEqual([
      { logMean: Math.log(1000), repeats: 1, deviation: 0, degreesOfFreedom: 0 },
    ]);
  });

  it('name a cell without values, and a figure of 0', () => {
    expect(() => cellReferences([[1], []])).toThrow('cell 1 is []');
    expect(() => publishedReference(0)).toThrow('published figure is 0');
  });
});
