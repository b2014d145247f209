import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareGrid, DEFAULT_OPTIONS, type ComparedCell, type CompareOptions } from './index.js';

const UNSTEADY: CompareOptions = { ...DEFAULT_OPTIONS, runMove: 0.2, atLeast: 0.05 };

/** Twelve values around a level whose logarithms have about the given deviation. */
function repeats(level: number, deviation: number, from: number): number[] {
  const scores = [0.12, -1.53, 0.65, 1.0, -0.38, -0.65, 1.55, 0.38, -1.0, -0.12, 0.8, -0.82];
  return scores.map((_, index) => level * Math.exp(deviation * (scores[(index * 5 + from) % 12] ?? 0)));
}

const numbers = Array.from({ length: 12 }, (_, index) => index + 1);

/** Cells of some variants, each slower in a than in b by its factor. */
function cells(factors: Readonly<Record<string, number>>, batches = [256], deviation = 0.02): ComparedCell[] {
  return Object.entries(factors).flatMap(([group, factor], variant) =>
    batches.map((batch, index) => ({
      ...{ key: `${group}-${batch}`, group, repeats: { a: numbers, b: numbers } },
      a: repeats(batch * factor, deviation, 3 * variant + index),
      b: repeats(batch, deviation, 3 * variant + index + 5),
    })),
  );
}

const verdicts = (compared: ComparedCell[], options = UNSTEADY): string[] =>
  compareGrid(compared, options).cells.map(({ verdict }) => verdict);

describe('on a machine that may have moved a whole run', () => {
  it('is no difference what all variants moved by, though it is beyond doubt', () => {
    const slower = cells({ native_tf: 1.07, onnx_cpu: 1.08 });
    expect(verdicts(slower, DEFAULT_OPTIONS)).toEqual(['regressed', 'regressed']);
    expect(verdicts(slower)).toEqual(['inconclusive', 'inconclusive']);
    const { leastMoved, cells: compared } = compareGrid(slower, UNSTEADY);
    expect(leastMoved).toEqual({ group: 'native_tf', ratio: expect.closeTo(1.07, 2) as number });
    // It may be all the machine's, or none of it.
    expect(compared[1]?.interval?.low).toBeLessThan(1.005);
    expect(compared[1]?.interval?.high).toBeGreaterThan(1.08);
  });

  it.each([
    ['a tenth slower', 1.1, 'regressed'],
    ['a tenth faster', 1 / 1.1, 'improved'],
  ])('is found what one variant does alone, such as to be %s', (_, factor, verdict) => {
    expect(verdicts(cells({ native_tf: 1, onnx_cpu: factor }))).toEqual(['same', verdict]);
    // Also where all moved, and this one farther.
    expect(verdicts(cells({ native_tf: 1.06, onnx_cpu: 1.06 * 1.1 }))).toEqual(['inconclusive', 'regressed']);
  });

  it('is no difference that one variant moved a little more than the margin farther than the other', () => {
    const uneven = cells({ native_tf: 0.92, onnx_cpu: 0.984 });
    expect(verdicts(uneven)).toEqual(['inconclusive', 'same']);
    expect(verdicts(uneven, DEFAULT_OPTIONS)).toEqual(['improved', 'same']);
  });

  it('is found what is more than such a machine does', () => {
    expect(verdicts(cells({ onnx_cpu: 1.5 }))).toEqual(['regressed']);
    expect(verdicts(cells({ native_tf: 1.5, onnx_cpu: 1.5 }))).toEqual(['regressed', 'regressed']);
    expect(verdicts(cells({ onnx_cpu: 1.15 }))).toEqual(['inconclusive']);
  });

  it('is one batch of a single variant held against its others', () => {
    const [first, ...others] = cells({ onnx_cpu: 1 }, [32, 64, 256, 1024]);
    if (first === undefined) throw new Error('no cell');
    const slower = { ...first, a: first.a.map((time) => 1.1 * time) };
    expect(verdicts([slower, ...others])).toEqual(['regressed', 'same', 'same', 'same']);
  });

  it('are moods that both variants share in a repeat no noise of their difference', () => {
    const moods = repeats(1, 0.1, 0);
    const moody = cells({ native_tf: 1.08, onnx_cpu: 1.2 }, [256], 0.01).map((cell) => ({
      ...cell,
      a: cell.a.map((time, index) => time * (moods[index] ?? NaN)),
      b: [cell.b].flat().map((time, index) => time * (moods[(index + 5) % 12] ?? NaN)),
    }));
    expect(verdicts(moody)[1]).toBe('regressed');
    const [native, onnx] = moody;
    if (native === undefined || onnx === undefined) throw new Error('no cells');
    const inOtherRepeats = { ...onnx, repeats: { a: numbers.toReversed(), b: numbers.toReversed() } };
    expect(verdicts([native, inOtherRepeats])[1]).toBe('inconclusive');
  });

  it('says no number of repeats is enough for what moved with all others', () => {
    const [, onnx] = compareGrid(cells({ native_tf: 1.08, onnx_cpu: 1.08 }), UNSTEADY).cells;
    expect(onnx).toMatchObject({ verdict: 'inconclusive', needed: 1000 });
  });

  it('holds repeats that the other variant lacks against its usual move', () => {
    const [native, onnx] = cells({ native_tf: 1, onnx_cpu: 1.15 });
    if (native === undefined || onnx === undefined) throw new Error('no cells');
    const few = { ...native, a: native.a.slice(0, 8), repeats: { a: numbers.slice(0, 8), b: numbers } };
    expect(verdicts([few, onnx])[1]).toBe('regressed');
  });

  it('gives the opposite verdicts when the runs are swapped, and never more than on a steady machine', () => {
    const times = fc.array(fc.double({ min: 100, max: 130, noNaN: true }), { minLength: 2, maxLength: 12 });
    const opposite: Record<string, string> = { regressed: 'improved', improved: 'regressed' };
    const sides = fc.record({ a: times, b: times, group: fc.constantFrom('x', 'y', 'z') });
    fc.assert(
      fc.property(fc.array(sides, { minLength: 1, maxLength: 12 }), (given) => {
        const there = given.map(({ a, b, group }, key) => ({ key: String(key), group, a, b }));
        const back = there.map((cell) => ({ ...cell, a: cell.b, b: cell.a }));
        const found = verdicts(there);
        expect(verdicts(back)).toEqual(found.map((verdict) => opposite[verdict] ?? verdict));
        const steady = verdicts(there, DEFAULT_OPTIONS);
        found.forEach((verdict, index) => {
          expect([steady[index], 'inconclusive']).toContain(verdict);
        });
      }),
    );
  });

  it.each([-0.1, 1, NaN])('refuses %d as a share', (runMove) => {
    expect(() => compareGrid(cells({ onnx_cpu: 1 }), { ...DEFAULT_OPTIONS, runMove })).toThrow(/runMove is/);
  });

  it('is for the repeats of two runs alone', () => {
    expect(() => compareGrid(cells({ onnx_cpu: 1 }), { ...UNSTEADY, counted: 'runs' })).toThrow(/repeats of one run/);
    expect(() => compareGrid([{ key: 'x', a: [1, 2, 3], b: 2 }], UNSTEADY)).toThrow(/repeats of one run/);
  });
});
