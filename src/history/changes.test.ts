import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyLines, type HistoryRun } from './changes.js';

function run(
  name: string,
  createdAt: string | null,
  medians: Record<number, number>,
  more: Partial<HistoryRun> = {},
): HistoryRun {
  const cells = Object.entries(medians).map(([batch, medianUs]) => ({
    ...{
      variant: 'tf',
      batch: Number(batch),
      concurrency: 1,
      valuesUs: [medianUs, medianUs * 1.001, medianUs * 0.999],
      repeats: [1, 2, 3],
      medianUs,
    },
  }));
  const same = {
    spec: 's',
    specHash: 'abc',
    hardware: 'A100',
    withoutGpu: false,
    expected: 1,
    measured: 1,
    variants: ['tf'],
  };
  return { run: name, createdAt, ...same, cells, ...more };
}

describe('the changes of a history', () => {
  it('are ratios to the last run before of the same spec and hardware', () => {
    const lines = historyLines([
      run('c', '2026-01-03', { 32: 110, 64: 240 }),
      run('a', '2026-01-01', { 32: 100, 64: 200 }),
      run('b', '2026-01-02', { 32: 50 }, { hardware: 'H100' }),
    ]);
    expect(lines.map(({ run: name, previous }) => [name, previous])).toEqual([
      ['a', null],
      ['b', null],
      ['c', 'a'],
    ]);
    expect(lines[2]?.change).toBeCloseTo(Math.sqrt(1.1 * 1.2), 12);
    expect(lines[2]?.chosen).toEqual([{ cell: 'tf-b64-c1', medianUs: 240, change: 1.2 }]);
  });

  it('leave out a run without figures, and runs of which spec, hardware or date is unknown', () => {
    const lines = historyLines([
      run('a', '2026-01-01', { 32: 100 }),
      run('b', '2026-01-02', {}),
      run('c', '2026-01-03', { 32: 100 }, { hardware: null }),
      run('d', null, { 32: 100 }),
      run('e', '2026-01-04', { 32: 90 }),
    ]);
    expect(lines.map(({ run: name, previous, change }) => [name, previous, change])).toEqual([
      ['d', null, null],
      ['a', null, null],
      ['b', 'a', null],
      ['c', null, null],
      ['e', 'a', expect.closeTo(0.9, 12)],
    ]);
  });

  it('are judged as compare judges them', () => {
    const verdicts = historyLines([
      run('a', '2026-01-01', { 32: 100, 64: 200 }),
      run('b', '2026-01-02', { 32: 100, 64: 200 }),
      run('c', '2026-01-03', { 32: 150, 64: 300 }),
      run('d', '2026-01-04', { 128: 150 }),
    ]).map(({ verdict }) => verdict);
    expect(verdicts).toEqual([null, 'pass', 'regressed', null]);
  });

  it('leave to a machine without a GPU what moved a whole run, up to a fifth', () => {
    const onCpu = { hardware: 'a processor', withoutGpu: true };
    const verdicts = historyLines([
      run('a', '2026-01-01', { 32: 100, 64: 200 }, onCpu),
      run('b', '2026-01-02', { 32: 110, 64: 220 }, onCpu),
      run('c', '2026-01-03', { 32: 165, 64: 330 }, onCpu),
    ]).map(({ verdict }) => verdict);
    expect(verdicts).toEqual([null, 'inconclusive', 'regressed']);
  });

  it('show the cells that were asked for, and none where a run has none', () => {
    const [line] = historyLines([run('a', '2026-01-01', { 32: 100 })], ['tf-b32-c1', 'tf-b64-c1']);
    expect(line?.chosen).toEqual([
      { cell: 'tf-b32-c1', medianUs: 100, change: null },
      { cell: null, medianUs: null, change: null },
    ]);
  });

  it('do not depend on the order in which the runs were found, and are 1 where nothing changed', () => {
    const runs = fc.uniqueArray(fc.integer({ min: 10, max: 28 }), { minLength: 1, maxLength: 6 });
    const medians = fc.dictionary(fc.constantFrom('32', '64', '128'), fc.double({ min: 1e-3, max: 1e9, noNaN: true }));
    fc.assert(
      fc.property(runs, medians, fc.nat(), (days, cells, seed) => {
        const all = days.map((day) => run(`r${day}`, `2026-01-${day}`, cells));
        const shuffled = [...all].sort((a, b) => ((a.run + b.run).length * seed) % 3);
        expect(historyLines(shuffled)).toEqual(historyLines(all));
        for (const { change } of historyLines(all)) expect(change ?? 1).toBeCloseTo(1, 9);
      }),
    );
  });
});
