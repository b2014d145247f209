import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean } from '../statistics/index.js';
import { withoutSharedMoves, type NumberedLogs } from './shared-moves.js';

const REPEATS = [1, 2, 3, 4, 5];
/** Ten cells, each at a level of its own, moved by what each repeat did to all. */
const moved = (moves: readonly number[]): NumberedLogs[] =>
  Array.from({ length: 10 }, (_, cell) => ({
    logs: REPEATS.map((_, at) => cell + (moves[at] ?? 0)),
    repeats: REPEATS,
  }));
const withoutRepeat = ({ logs, repeats }: NumberedLogs, repeat: number): NumberedLogs => ({
  logs: logs.filter((_, index) => repeats[index] !== repeat),
  repeats: repeats.filter((number) => number !== repeat),
});
const rounded = (logs: readonly (readonly number[])[] | null): number[][] | undefined =>
  logs?.map((cell) => cell.map((log) => Number(log.toFixed(9))));

describe('what the cells of a repeat have in common', () => {
  it('is taken out of each, and the level of the run stays', () => {
    const left = withoutSharedMoves(moved([0.1, -0.2, 0.3, 0, -0.1]));
    expect(rounded(left)).toEqual(rounded(moved(REPEATS.map(() => 0.02)).map(({ logs }) => logs)));
  });

  it('is found by the number of the repeat, also where a cell lacks one', () => {
    const cells = moved([0.1, -0.2, 0.3, 0, -0.2]);
    const [first, ...others] = cells;
    if (first === undefined) throw new Error('no cell');
    const left = withoutSharedMoves([withoutRepeat(first, 2), ...others]);
    expect(left?.[0]).toHaveLength(4);
    for (const cell of left ?? []) expect(Math.max(...cell) - Math.min(...cell)).toBeCloseTo(0, 9);
  });

  it('is not what one cell did alone', () => {
    const cells = moved([0, 0, 0, 0, 0]);
    const logs = (cells[3]?.logs ?? []).with(2, 7);
    expect(rounded(withoutSharedMoves(cells.with(3, { logs, repeats: REPEATS })))).toEqual(
      cells.with(3, { logs, repeats: REPEATS }).map((cell) => cell.logs),
    );
  });

  it('cannot be told of fewer than eight cells', () => {
    expect(withoutSharedMoves(moved([0.1, 0, 0, 0, -0.1]).slice(0, 7))).toBeNull();
    expect(withoutSharedMoves(moved([0.1, 0, 0, 0, -0.1]).slice(0, 8))).not.toBeNull();
  });

  it('cannot be told where more than a fifth of the cells lack a repeat, as where they stop by themselves', () => {
    const lacking = (count: number): NumberedLogs[] =>
      moved([0, 0, 0, 0, 0.1]).map((cell, index) => (index < count ? withoutRepeat(cell, 5) : cell));
    expect(withoutSharedMoves(lacking(2))).not.toBeNull();
    expect(withoutSharedMoves(lacking(3))).toBeNull();
  });

  it('is taken away from as much as it is given back: the mean of the run stays, whatever it is', () => {
    const log = fc.double({ min: -1, max: 1, noNaN: true });
    const cell = fc.array(log, { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 8, maxLength: 12 }), (cells) => {
        const left = withoutSharedMoves(cells.map((logs) => ({ logs, repeats: REPEATS }))) ?? [];
        expect(mean(left.flat())).toBeCloseTo(mean(cells.flat()), 9);
      }),
    );
  });
});
