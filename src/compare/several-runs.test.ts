import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordsFor, steady } from '../../test/fixtures/compare/records.js';
import { PUBLISHED_HARDWARE, PUBLISHED_IMAGE, publishedLatency } from '../dlrm/published.js';
import { loadSpec } from '../spec/index.js';
import { comparePublished, compareRuns, type Options } from './compare.js';
import { resultSet, type ResultSet } from './result-set.js';
import { severalRuns } from './several-runs.js';
import { markdownComparison } from './markdown.js';
import { terminalComparison } from './terminal.js';
import { explanation } from './wording.js';

const spec = loadSpec({ preset: 'a100-page' });
const strict: Options = { margin: 0.05, alpha: 0.003, allow: [] };
/** How a machine that others use moves whole runs: far more than their repeats, which lie within 1 %, tell. */
const MOODS = [1, 1.06, 0.95, 1.03, 0.97, 1.05, 0.98, 1.01];

interface RunOptions {
  readonly factor?: number;
  /** Slows tf_with_hps only. */
  readonly change?: number;
  readonly minutes?: number;
  readonly on?: typeof spec;
}

function run(runId: string, { factor = 1, change = 1, minutes = 0, on = spec }: RunOptions = {}): ResultSet {
  const records = recordsFor(on, {
    ...{ runId, minutes },
    environment: { gpu_product: PUBLISHED_HARDWARE, image: PUBLISHED_IMAGE },
    microseconds: ({ variant, batch, repeat }) =>
      (publishedLatency(variant, batch)?.microseconds ?? NaN) *
      steady(repeat) *
      factor *
      (variant === 'tf_with_hps' ? change : 1),
  });
  return resultSet(`results/${runId}`, records, { spec: on });
}

/** Runs taken in turn: the first, third … of one side, the others of the other. */
function inTurn(changeOfA = 1): { a: ResultSet; b: ResultSet } {
  const runs = MOODS.map((factor, index) => {
    const side = index % 2 === 0 ? 'a' : 'b';
    return run(`${side}${index}`, { factor, minutes: 60 * index, change: side === 'a' ? changeOfA : 1 });
  });
  const side = (name: string) => severalRuns(runs.filter(({ runId }) => runId.startsWith(name)));
  return { a: side('a'), b: side('b') };
}

function firstOf({ runs: [run] = [] }: ResultSet): ResultSet {
  if (run === undefined) throw new Error('the side has no runs');
  return run;
}

describe('several runs a side', () => {
  it('raise no alarm where runs differ by more than their repeats tell, and one run a side does', () => {
    const { a, b } = inTurn();
    const [first, second] = [firstOf(a), firstOf(b)];
    expect(compareRuns(second, first, strict).verdict).toBe('regressed');
    const comparison = compareRuns(a, b, strict);
    expect(comparison).toMatchObject({ verdict: 'inconclusive', counted: 'runs', notes: [] });
    expect(comparison.cells.every(({ n }) => n.a === 4 && n.b === 4)).toBe(true);
  });

  it('promise their chance of a false alarm without a condition; one run a side does so only as far as repeats tell', () => {
    const { a, b } = inTurn();
    const [first, second] = [firstOf(a), firstOf(b)];
    const condition = 'as far as the repeats of one run tell';
    expect(explanation(compareRuns(second, first, strict))).toContain(`in the whole table: 0.3 %, ${condition}`);
    expect(explanation(compareRuns(a, b, strict))).toContain('in the whole table: 0.3 %). ');
  });

  it('count each run once, as the median of its repeats', () => {
    const a = severalRuns([run('a1', { factor: 1.02 }), run('a2', { factor: 1.04 }), run('a3', { factor: 1.03 })]);
    const b = severalRuns([run('b1'), run('b2'), run('b3')]);
    const cell = compareRuns(a, b, strict).cells.find(({ variant, batch }) => variant === 'native_tf' && batch === 32);
    expect(cell?.aUs).toBeCloseTo((publishedLatency('native_tf', 32)?.microseconds ?? NaN) * 1.03 * 1.0005, 6);
    expect(cell?.ratio).toBeCloseTo((1.02 * 1.04 * 1.03) ** (1 / 3), 6);
  });

  it('find a change of one variant relative to another, for a run moves both', () => {
    const { a, b } = inTurn(1.1);
    const relative = compareRuns(a, b, { ...strict, relativeTo: 'native_tf' });
    expect(relative.verdict).toBe('regressed');
    const apart = relative.cells.filter(({ verdict }) => verdict === 'regressed');
    expect(new Set(apart.map(({ variant }) => variant))).toEqual(new Set(['tf_with_hps']));
    expect(apart.map(({ ratio }) => ratio.toFixed(3))).toEqual(apart.map(() => '1.100'));
  });

  it('take the drift of a run for part of how far runs lie apart', () => {
    const { a, b } = inTurn();
    const drifted = severalRuns(
      [...(a.runs ?? [])].map((one, index) => (index === 0 ? { ...one, drifted: 'it drifted' } : one)),
    );
    const comparison = compareRuns(drifted, b, strict);
    expect(comparison.drifted).toEqual([]);
    expect(comparison.notes).toContain('A, results/a0: it drifted');
    expect(comparison.verdict).toBe('inconclusive');
  });

  it('are told that they were not measured in turn', () => {
    const at = (name: string, from: number) =>
      severalRuns([0, 1, 2].map((index) => run(`${name}${index}`, { minutes: 60 * (from + index) })));
    const said = (first: ResultSet, second: ResultSet) => compareRuns(first, second, strict).notes.join();
    expect(said(at('a', 3), at('b', 0))).toContain('all runs of B were measured before those of A');
    expect(said(at('a', 0), at('b', 3))).toContain('all runs of A were measured before those of B');
  });

  it('lack what any of them lacks, by the name of the run', () => {
    const full = run('a2');
    const part = resultSet(
      'results/a1',
      full.records.slice(1).map((record) => ({ ...record, run_id: 'a1' })),
      { spec },
    );
    const a = severalRuns([part, full, run('a3')]);
    const comparison = compareRuns(a, severalRuns([run('b1'), run('b2'), run('b3')]), strict);
    expect(comparison.verdict).toBe('incomplete');
    expect(comparison.missing.join()).toMatch(/A lacks a measurement: \S+ of results\/a1 /);
    expect(comparison.a).toMatchObject({ runId: 'a1, a2, a3', measured: 1319, expected: 1320 });
  });

  it('are compared with the page run by run too', () => {
    const page = { source: 'the page', hardware: PUBLISHED_HARDWARE, image: PUBLISHED_IMAGE, spec };
    const a = severalRuns([run('a1', { factor: 1.01 }), run('a2'), run('a3', { factor: 0.99 })]);
    const comparison = comparePublished(a, page, strict);
    expect(comparison).toMatchObject({ verdict: 'reproduced', counted: 'runs' });
    expect(comparison.cells.every(({ n }) => n.a === 3)).toBe(true);
  });

  it('say in every output that runs were counted', () => {
    const { a, b } = inTurn();
    const comparison = compareRuns(a, b, strict);
    for (const text of [terminalComparison(comparison), markdownComparison(comparison)]) {
      expect(text).toContain('Runs');
      expect(text.replaceAll(/\s+/g, ' ')).toContain('Each run counts once, as the median of its repeats.');
      expect(text.replaceAll(/\s+/g, ' ')).toContain('with how many runs a verdict is to be expected');
    }
  });

  it('are refused where one side is a single run, one is named twice, or their specs differ', () => {
    const [one, two, three] = [run('one'), run('two'), run('three')];
    expect(() => compareRuns(one, severalRuns([two, three]), strict)).toThrow(
      'A is one run, B 2 runs: how far runs lie apart has to be known on both sides, so give three or more of each',
    );
    expect(() => severalRuns([one, two, one])).toThrow(
      'results/one and results/one are the same run, one: a run counts once',
    );
    expect(() => compareRuns(severalRuns([one, two]), severalRuns([two, three]), strict)).toThrow(
      'are the same run, two',
    );
    const other = loadSpec({ preset: 'a100-page', set: ['batches=[32]'] });
    expect(() => severalRuns([one, run('four', { on: other })])).toThrow('give runs of one spec');
    expect(severalRuns([one])).toBe(one);
  });

  it('give no side an order: runs of a side may be named in any', () => {
    const { a, b } = inTurn(1.2);
    const known = compareRuns(a, b, strict).cells.map(({ ratio, adjustedP }) => [ratio, adjustedP]);
    fc.assert(
      fc.property(fc.shuffledSubarray(a.runs as ResultSet[], { minLength: 4 }), (shuffled) => {
        const cells = compareRuns(severalRuns(shuffled), b, strict).cells;
        for (const [index, { ratio, adjustedP }] of cells.entries()) {
          expect(ratio).toBeCloseTo(known[index]?.[0] ?? NaN, 9);
          expect(adjustedP).toBeCloseTo(known[index]?.[1] ?? NaN, 9);
        }
      }),
      { numRuns: 10 },
    );
  });
});
