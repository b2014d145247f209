import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareGrid, type ComparedCell } from './index.js';

/** Ten values around a level whose logarithms have about the given deviation, the same for every level and shift. */
function repeats(level: number, deviation: number, shift = 0): number[] {
  const scores = [0.12, -1.53, 0.65, 1.0, -0.38, -0.65, 1.55, 0.38, -1.0, -0.12];
  return scores.map((_, index) => level * Math.exp(deviation * (scores[(index * 3 + shift) % 10] ?? 0)));
}

function grid(change: (index: number) => number): ComparedCell[] {
  return Array.from({ length: 44 }, (_, index) => ({
    key: `cell-${index}`,
    a: repeats(300 * (index + 1) * change(index), 0.02, index),
    b: repeats(300 * (index + 1), 0.02, index + 4),
  }));
}

/** The same with the numbers of its repeats. */
function numbered(cell: ComparedCell): ComparedCell {
  const numbers = (values: readonly number[] | number): number[] => [values].flat().map((_, index) => index + 1);
  return { ...cell, repeats: { a: numbers(cell.a), b: numbers(cell.b) } };
}

describe('comparison of two runs', () => {
  it('finds nothing between two runs of the same', () => {
    const { overall, cells } = compareGrid(grid(() => 1));
    expect(overall).toBe('pass');
    expect(new Set(cells.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
  });

  it('finds the one cell that is 6 % slower, and says so of the whole', () => {
    const { overall, cells } = compareGrid(grid((index) => (index === 7 ? 1.06 : 1)));
    expect(overall).toBe('regressed');
    expect(cells.filter(({ verdict }) => verdict !== 'same').map(({ key }) => key)).toEqual(['cell-7']);
    expect(cells[7]?.ratio).toBeCloseTo(1.06, 2);
    expect(cells[7]?.adjustedP).toBeLessThan(0.001);
  });

  it('calls a faster cell improved, and the whole too where all else is the same', () => {
    const { overall, cells } = compareGrid(grid((index) => (index === 7 ? 1 / 1.06 : 1)));
    expect(cells[7]?.verdict).toBe('improved');
    expect(overall).toBe('improved');
  });

  it('finds a shift of the whole grid', () => {
    const { cells, commonRatio } = compareGrid(grid(() => 1.06));
    expect(new Set(cells.map(({ verdict }) => verdict))).toEqual(new Set(['regressed']));
    expect(commonRatio).toBe(1);
  });

  it('does not call a small shift that all cells share a regression of one of them', () => {
    const { commonRatio, overall } = compareGrid(grid(() => 1.01));
    expect(commonRatio).toBeCloseTo(1.01, 2);
    expect(overall).toBe('pass');
  });

  it('finds a slower cell behind a drift of all, where the repeats were the same for all', () => {
    // All look 2 % faster, cell 7 is 5 % slower.
    const cells = grid((index) => (index === 7 ? 1.05 : 1) / 1.02);
    const [inStep] = compareGrid(cells.map(numbered)).cells.slice(7);
    expect(inStep).toMatchObject({ verdict: 'regressed', ratio: expect.closeTo(1.03, 2) as number });
    // Where cells stop by themselves, a cell may have been measured when the machine had drifted elsewhere.
    expect(compareGrid(cells).cells[7]?.verdict).toBe('inconclusive');
  });

  describe('whose repeats move all cells', () => {
    const moves = [1.05, 0.96, 1.08, 0.93, 1.02, 0.99, 1.06, 0.94, 1.01, 0.97];
    const moody = (change: (index: number) => number): ComparedCell[] =>
      Array.from({ length: 44 }, (_, index) => ({
        key: `cell-${index}`,
        a: repeats(300 * change(index), 0.005, index).map((time, at) => time * (moves[at] ?? NaN)),
        b: repeats(300, 0.005, index + 4).map((time, at) => time * (moves[(at + 3) % 10] ?? NaN)),
      }));

    it('finds what one cell does alone, though it is hardly larger than the moves', () => {
      const cells = moody((index) => (index === 7 ? 1.08 : 1));
      const found = compareGrid(cells.map(numbered)).cells.filter(({ verdict }) => verdict === 'regressed');
      expect(found.map(({ key }) => key)).toEqual(['cell-7']);
      expect(found[0]?.interval?.low).toBeGreaterThan(1);
      expect(compareGrid(cells).overall).not.toBe('regressed');
    });

    it('does not find what all do, and no more than the moves', () => {
      const { cells } = compareGrid(moody(() => 1.04).map(numbered));
      expect(new Set(cells.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    });

    it('needs the number of each repeat, not its place', () => {
      const cells = moody((index) => (index === 7 ? 1.08 : 1)).map(numbered);
      const lacking = cells.map(({ repeats: numbers, ...cell }, index) =>
        index === 3 && numbers
          ? { ...cell, a: cell.a.slice(1), repeats: { a: numbers.a.slice(1), b: numbers.b } }
          : { ...cell, repeats: numbers },
      );
      const [, , , other] = compareGrid(lacking).cells;
      // Moved by one place, each of its repeats would be off by several percent.
      expect(other?.ratio).toBeCloseTo(1, 2);
      expect(other?.outliers.a).toEqual([]);
      expect(compareGrid(lacking).cells[7]?.verdict).toBe('regressed');
    });
  });

  it('lets a cell with a second state stand alone: its spread says more of it than the grid', () => {
    // Three of ten repeats of one side took a fifth longer.
    const cells = grid(() => 1).map((cell, index) =>
      index === 7 ? { ...cell, a: cell.a.map((time, at) => (at < 3 ? time * 1.2 : time)) } : cell,
    );
    const { cells: compared } = compareGrid(cells);
    const width = ({ interval }: { interval: { low: number; high: number } | null }): number =>
      (interval?.high ?? NaN) - (interval?.low ?? NaN);
    expect(width(compared[7] ?? { interval: null })).toBeGreaterThan(1.3 * width(compared[8] ?? { interval: null }));
  });

  it('takes cells that move together for no more than one of them says', () => {
    const moods = { a: [1.04, 1.07, 1.11, 1.06], b: [1, 0.97, 0.99, 0.96] };
    const cells = Array.from({ length: 44 }, (_, index) => ({ key: `cell-${index}`, ...moods }));
    const options = { margin: 0.05, alpha: 0.003 };
    // As repeats, 44 such variances would be one that is known for certain, and a difference of 9 % nearly 5 of its errors.
    expect(compareGrid(cells, options).overall).toBe('regressed');
    const runs = compareGrid(cells, { ...options, counted: 'runs' });
    expect(runs.overall).toBe('inconclusive');
    const [alone] = compareGrid(cells.slice(0, 1), options).cells;
    expect(runs.cells[43]).toMatchObject({ ratio: alone?.ratio, interval: alone?.interval, p: alone?.p });
  });

  it('says how many repeats a cell without a verdict needs', () => {
    const noisy = grid(() => 1).map((cell) => ({ ...cell, a: repeats(300, 0.1, 3), b: repeats(303, 0.1, 8) }));
    const { overall, cells } = compareGrid(noisy);
    expect(overall).toBe('inconclusive');
    // 2 (1.96 sd / (log 1.05 - effect))^2 with sd 0.098 and effect 0.01
    expect(cells[0]?.needed).toBeGreaterThan(30);
    expect(cells[0]?.needed).toBeLessThan(80);
  });

  it('says more repeats than there are, as Student would have it for so few', () => {
    const [cell] = compareGrid([{ key: 'one', a: [100, 104, 102], b: [101, 105, 103] }]).cells;
    expect(cell).toMatchObject({ verdict: 'inconclusive', n: { a: 3, b: 3 } });
    // 2 (q sd / (log 1.05 - 0.0098))^2 with sd 0.0196: 1.9 with the normal q, 3.9 with that of three repeats, 3.0 with that of four
    expect(cell?.needed).toBe(4);
  });

  it('gives no verdict and no interval for one repeat a side', () => {
    const { cells, overall } = compareGrid([{ key: 'one', a: [500], b: [400] }]);
    expect(cells[0]).toMatchObject({ verdict: 'inconclusive', interval: null, p: 1, needed: 3 });
    expect(overall).toBe('inconclusive');
  });

  it('marks values that stand out and keeps them', () => {
    const cells = grid(() => 1);
    const first = cells[0];
    if (first === undefined) throw new Error('no cell');
    const a = first.a.with(4, 900);
    const { cells: compared } = compareGrid([{ ...first, a }, ...cells.slice(1)]);
    expect(compared[0]).toMatchObject({ outliers: { a: [4], b: [] }, n: { a: 10, b: 10 }, verdict: 'same' });
  });

  it('gives the inverse ratio and the opposite verdict when the runs are swapped', () => {
    const times = fc.array(fc.double({ min: 100, max: 130, noNaN: true }), { minLength: 2, maxLength: 12 });
    const opposite = {
      regressed: 'improved',
      improved: 'regressed',
      same: 'same',
      inconclusive: 'inconclusive',
    } as const;
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: times, b: times }), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        (sides, inStep) => {
          const asGiven = (cell: ComparedCell): ComparedCell => (inStep ? numbered(cell) : cell);
          const there = compareGrid(sides.map(({ a, b }, key) => asGiven({ key: String(key), a, b })));
          const back = compareGrid(sides.map(({ a, b }, key) => asGiven({ key: String(key), a: b, b: a })));
          there.cells.forEach((cell, index) => {
            const other = back.cells[index];
            if (other === undefined || cell.verdict === 'reproduced') throw new Error('cannot be');
            expect(cell.ratio * other.ratio).toBeCloseTo(1, 9);
            expect(other.p).toBeCloseTo(cell.p, 9);
            expect(other.rankBased?.p).toBeCloseTo(cell.rankBased?.p ?? NaN, 9);
            expect(other.verdict).toBe(opposite[cell.verdict]);
            expect(other.n).toEqual({ a: cell.n.b, b: cell.n.a });
          });
        },
      ),
    );
  });
});

describe('comparison with published figures', () => {
  const against = (published: number): ReturnType<typeof compareGrid> =>
    compareGrid([{ key: 'cell', a: repeats(10_000, 0.01), b: published }]);

  it.each([
    [10_000, 'reproduced'],
    [10_200, 'reproduced'],
    [8_000, 'regressed'],
    [12_000, 'improved'],
    [9_500, 'inconclusive'],
  ])('against %i it is %s', (published, verdict) => {
    expect(against(published).cells[0]?.verdict).toBe(verdict);
  });

  it('needs two repeats for an interval and three for a difference', () => {
    const cell = (a: number[]): unknown => compareGrid([{ key: 'cell', a, b: 100 }]).cells[0];
    expect(cell([100])).toMatchObject({ verdict: 'inconclusive', interval: null, needed: 3, n: { a: 1, b: 1 } });
    expect(cell([100, 100.1])).toMatchObject({ verdict: 'reproduced', p: 1 });
    expect(cell([200, 200.1])).toMatchObject({ verdict: 'inconclusive', p: 1, needed: 3 });
    expect(cell([200, 200.1, 200.2])).toMatchObject({
      verdict: 'regressed',
      ratio: expect.closeTo(2.001, 3) as number,
    });
  });
});

describe('bad input', () => {
  it.each<[string, ComparedCell[], object, string]>([
    ['no cells', [], {}, 'cells: none'],
    ['an empty side', [{ key: 'x', a: [], b: [1] }], {}, 'a of x: no values'],
    ['a time of 0', [{ key: 'x', a: [1], b: [0] }], {}, 'b of x: 0 is no time'],
    ['a NaN', [{ key: 'x', a: [NaN], b: [1] }], {}, 'a of x: NaN'],
    ['a published figure of 0', [{ key: 'x', a: [1], b: 0 }], {}, 'b of x: 0'],
    ['a key twice', [1, 2].map(() => ({ key: 'x', a: [1], b: [1] })), {}, 'cell x comes twice'],
    ['a margin in percent', [{ key: 'x', a: [1], b: [1] }], { margin: 5 }, 'margin is 5'],
    ['an alpha of 1', [{ key: 'x', a: [1], b: [1] }], { alpha: 1 }, 'alpha is 1'],
  ])('names %s', (_, cells, options, message) => {
    expect(() => compareGrid(cells, { margin: 0.05, alpha: 0.005, ...options })).toThrow(message);
  });
});
