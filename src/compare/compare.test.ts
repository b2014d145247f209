import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordsFor, steady, type RecordOptions } from '../../test/fixtures/compare/records.js';
import { PUBLISHED_HARDWARE, PUBLISHED_IMAGE, publishedLatency } from '../dlrm/published.js';
import { loadSpec, type Spec } from '../spec/index.js';
import { comparePublished, compareRuns, IncomparableError, type Options } from './compare.js';
import { resultSet, type ResultSet } from './result-set.js';
import { exitCode } from './wording.js';

const page = loadSpec({ preset: 'a100-page' });
const PAGE = { source: 'the page', hardware: PUBLISHED_HARDWARE, image: PUBLISHED_IMAGE, spec: page };
const A100 = { gpu_product: 'NVIDIA A100-SXM4-80GB', image: PUBLISHED_IMAGE, triton_version: '2.28.0' };
const strict: Options = { margin: 0.05, alpha: 0.005, allow: [] };

type Times = RecordOptions['microseconds'];
const published: Times = ({ variant, batch, repeat }) =>
  (publishedLatency(variant, batch)?.microseconds ?? NaN) * steady(repeat);
/** As published, but one cell slower or faster by a factor. */
const shifted =
  (factor: number): Times =>
  (at) =>
    published(at) * (at.variant === 'tf_with_hps' && at.batch === 1024 ? factor : 1);

function run(microseconds: Times, { spec = page, environment = A100, runId = 'run' } = {}): ResultSet {
  return resultSet(runId, recordsFor(spec, { microseconds, environment, runId }), { spec });
}
const withSpec = (...set: string[]): Spec => loadSpec({ preset: 'a100-page', set });

function refusal(compare: () => unknown): IncomparableError {
  try {
    compare();
  } catch (error) {
    if (error instanceof IncomparableError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('two runs', () => {
  it('are the same where they differ by less than the margin', () => {
    const comparison = compareRuns(run(published), run(shifted(1.01)), strict);
    expect(comparison.verdict).toBe('same');
    expect(comparison.cells).toHaveLength(44);
    expect(new Set(comparison.cells.map(({ verdict }) => verdict))).toEqual(new Set(['same']));
    expect(exitCode(comparison)).toBe(0);
  });

  it('differ where one cell of 44 became slower, and that cell is named with its ratio', () => {
    const comparison = compareRuns(run(shifted(1.2)), run(published), strict);
    expect(comparison.verdict).toBe('regressed');
    const [cell, ...others] = comparison.cells.filter(({ verdict }) => verdict !== 'same');
    expect(others).toEqual([]);
    expect(cell).toMatchObject({ variant: 'tf_with_hps', batch: 1024, verdict: 'regressed', n: { a: 10, b: 10 } });
    expect(cell?.ratio).toBeCloseTo(1.2, 6);
    expect(exitCode(comparison)).toBe(1);
  });

  it('are held against each other repeat by repeat: what moved all cells of one is no noise of a cell', () => {
    const moods = [1.05, 0.96, 1.08, 0.93, 1.02, 0.99, 1.06, 0.94, 1.01, 0.97];
    const moody =
      (times: Times, from: number): Times =>
      (at) =>
        times(at) * (moods[(at.repeat + from) % 10] ?? NaN);
    const a = run(moody(shifted(1.08), 0));
    const b = run(moody(published, 3));
    // One measurement lacks: the cell's others still belong to the repeats that they were made in.
    const lacking = resultSet('b', b.records.toSpliced(5, 1), { spec: page });
    for (const other of [b, lacking]) {
      const { cells } = compareRuns(a, other, strict);
      expect(cells.filter(({ verdict }) => verdict === 'regressed').map(({ batch }) => batch)).toEqual([1024]);
    }
  });

  it('are said to have moved together where all cells did, for then it may have been the machine', () => {
    const slower: Times = (at) => published(at) * (at.variant === 'native_tf' ? 1.06 : 1.08);
    const note = /^all cells are slower, by 6\.0 to 8\.0 %.*--relative-to native_tf/;
    expect(compareRuns(run(slower), run(published), strict)).toMatchObject({
      verdict: 'regressed',
      notes: [expect.stringMatching(note)],
    });
    const faster = compareRuns(run(published), run(slower), strict);
    expect(faster.notes[0]).toMatch(/^all cells are faster/);
    const oneAsBefore: Times = (at) => (at.variant === 'native_tf' ? published(at) * 0.99 : slower(at));
    expect(compareRuns(run(oneAsBefore), run(published), strict).notes).toEqual([]);
    expect(compareRuns(run(slower), run(published), { ...strict, relativeTo: 'native_tf' }).notes).toEqual([]);
    const alone = withSpec('variants=[native_tf]');
    expect(compareRuns(run(slower, { spec: alone }), run(published, { spec: alone }), strict).notes).toEqual([]);
  });

  it('that became faster are improved, which is a pass', () => {
    const comparison = compareRuns(run(shifted(0.8)), run(published), strict);
    expect(comparison.verdict).toBe('improved');
    expect(exitCode(comparison)).toBe(0);
  });

  it('stay without a verdict where the repeats are too few, and say how many would do', () => {
    const spec = withSpec('repeats=2');
    const comparison = compareRuns(run(shifted(1.2), { spec }), run(published, { spec }), strict);
    expect(comparison.verdict).toBe('inconclusive');
    const undecided = comparison.cells.filter(({ verdict }) => verdict === 'inconclusive');
    expect(undecided.map(({ variant, batch }) => `${variant} ${batch}`)).toContain('tf_with_hps 1024');
    expect(undecided.every(({ needed }) => needed !== null && needed > 2)).toBe(true);
    expect(exitCode(comparison)).toBe(5);
  });

  it('are incomplete where the candidate lacks a measurement, unless it regressed in another', () => {
    const records = recordsFor(page, { microseconds: published, environment: A100 });
    const lame = records.map((record, index) =>
      index === 7 ? { ...record, status: 'invalid' as const, reasons: ['the GPU slowed itself down'] } : record,
    );
    const candidate = resultSet('lame', lame, { spec: page });
    const comparison = compareRuns(candidate, run(published), strict);
    expect(comparison.verdict).toBe('incomplete');
    expect(comparison.missing).toEqual([`A lacks a measurement: ${records[7]?.id ?? ''} (the GPU slowed itself down)`]);
    expect(exitCode(comparison)).toBe(3);
    const slow = lame.map((record) =>
      record.variant === 'native_tf' && record.server?.compute_infer_us != null
        ? { ...record, server: { ...record.server, compute_infer_us: record.server.compute_infer_us * 2 } }
        : record,
    );
    expect(compareRuns(resultSet('slow', slow, { spec: page }), run(published), strict).verdict).toBe('regressed');
  });

  it('have no verdict but an invalid environment where the canary of one of them drifted', () => {
    const drifted = { ...run(shifted(2)), drifted: 'the canary took 1.1 times as long at the end' };
    const comparison = compareRuns(drifted, run(published), strict);
    expect(comparison.verdict).toBe('environment invalid');
    expect(exitCode(comparison)).toBe(4);
    expect(compareRuns(run(published), drifted, strict).drifted).toEqual([`B: ${drifted.drifted}`]);
  });

  it('swap every ratio when they change sides', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (factor) => {
        const there = compareRuns(run(shifted(factor)), run(published), strict);
        const back = compareRuns(run(published), run(shifted(factor)), strict);
        there.cells.forEach((cell, index) => {
          expect(cell.ratio * (back.cells[index]?.ratio ?? NaN)).toBeCloseTo(1, 9);
        });
        const mirrored = { regressed: 'improved', improved: 'regressed' } as Record<string, string>;
        expect(back.verdict).toBe(mirrored[there.verdict] ?? there.verdict);
      }),
      { numRuns: 10 },
    );
  });

  it('have a cost of a sample and a speed-up on both sides', () => {
    const { slopes, speedUps } = comparePublished(run(published), PAGE, strict);
    const ns = Object.fromEntries(slopes.map(({ variant, b }) => [variant, Math.round(b.nsPerSample)]));
    for (const { ratio } of slopes) expect(ratio).toBeCloseTo(1, 2);
    // Least squares through the published figures from 8192 to 131072, as Python's statistics.linear_regression has it.
    expect(ns).toEqual({ native_tf: 1576, tf_with_hps: 219, fp32_trt_with_hps: 186, fp16_trt_with_hps: 143 });
    expect(speedUps.find(({ batch }) => batch === 16384)?.a).toBeCloseTo(11.56, 2);
  });
});

describe('two runs on a machine that is slow as a whole now and then', () => {
  const spec = withSpec('variants=[native_tf, tf_with_hps, fp16_trt_with_hps]', 'batches=[1024, 8192]');
  const on = (runId: string, factor: number, slower: (variant: string) => number = () => 1): ResultSet =>
    run(
      (at) =>
        published(at) *
        factor *
        slower(at.variant) *
        (at.repeat % 3 === 0 ? 1.2 : 1) *
        steady(at.repeat + spec.variants.findIndex((id) => id === at.variant)),
      { spec, runId },
    );
  const relative: Options = { ...strict, relativeTo: 'native_tf' };

  it('are called different each for itself, and the same relative to a variant', () => {
    const [a, b] = [on('a', 1.2), on('b', 1)];
    expect(compareRuns(a, b, strict).cells.map(({ ratio }) => ratio.toFixed(3))).toEqual(
      Array.from({ length: 6 }, () => '1.200'),
    );
    const comparison = compareRuns(a, b, relative);
    expect(comparison).toMatchObject({ verdict: 'same', relativeTo: 'native_tf' });
    expect(comparison.cells.map(({ variant, batch, ratio }) => [variant, batch, ratio.toFixed(6)])).toEqual([
      ['tf_with_hps', 1024, '1.000000'],
      ['fp16_trt_with_hps', 1024, '1.000000'],
      ['tf_with_hps', 8192, '1.000000'],
      ['fp16_trt_with_hps', 8192, '1.000000'],
    ]);
  });

  it('show the variant that became slower, and times stay in microseconds', () => {
    const slow = on('a', 0.9, (variant) => (variant === 'tf_with_hps' ? 1.1 : 1));
    const comparison = compareRuns(slow, on('b', 1), relative);
    expect(comparison.verdict).toBe('regressed');
    const found = comparison.cells.filter(({ verdict }) => verdict === 'regressed');
    expect(found.map(({ variant, ratio }) => [variant, ratio.toFixed(3)])).toEqual([
      ['tf_with_hps', '1.100'],
      ['tf_with_hps', '1.100'],
    ]);
    expect(found[0]?.bUs).toBeGreaterThan(800);
    expect(comparison.speedUps[0]).toMatchObject({ baseline: 'native_tf', contender: 'fp16_trt_with_hps' });
  });

  it('have a verdict although the canary drifted, which is said, since both variants of a repeat drift alike', () => {
    const drifted = { ...on('a', 1.2), drifted: 'the canary took 1.1 times as long at the end' };
    expect(compareRuns(drifted, on('b', 1), strict).verdict).toBe('environment invalid');
    const comparison = compareRuns(drifted, on('b', 1), relative);
    expect(comparison).toMatchObject({ verdict: 'same', drifted: [] });
    expect(comparison.notes).toContain('A: the canary took 1.1 times as long at the end');
  });

  it('pair repeats by number, whatever is missing of either', () => {
    const without = (set: ResultSet, drop: (variant: string, repeat: number) => boolean): ResultSet => ({
      ...set,
      records: set.records.filter(({ variant, repeat }) => !drop(variant, repeat)),
    });
    const full = on('a', 1);
    const part = without(
      without(full, (variant, repeat) => variant === 'native_tf' && repeat === 2),
      (variant, repeat) => (variant === 'tf_with_hps' ? repeat === 5 : false),
    );
    const { cells } = compareRuns(part, full, relative);
    expect(cells.map(({ variant, n }) => [variant, n.a, n.b])).toEqual([
      ['tf_with_hps', 8, 10],
      ['fp16_trt_with_hps', 9, 10],
      ['tf_with_hps', 8, 10],
      ['fp16_trt_with_hps', 9, 10],
    ]);
    expect(cells.every(({ ratio }) => Math.abs(ratio - 1) < 0.01)).toBe(true);
  });

  it('are refused relative to a variant that one of them lacks, or that is the only one', () => {
    const problem = 'b has nothing relative to fp32_trt_with_hps: it holds native_tf, tf_with_hps, fp16_trt_with_hps';
    expect(() =>
      compareRuns(run(published, { runId: 'a', spec: withSpec('batches=[1024, 8192]') }), on('b', 1), {
        ...strict,
        allow: ['spec'],
        relativeTo: 'fp32_trt_with_hps',
      }),
    ).toThrow(problem);
    const one = run(published, { spec: withSpec('variants=[native_tf]') });
    expect(() => compareRuns(one, one, relative)).toThrow('it holds native_tf; give a variant');
  });
});

describe('the guard', () => {
  it('refuses other hardware, names both, and goes on when told', () => {
    const other = run(published, { environment: { ...A100, gpu_product: 'NVIDIA H100 80GB HBM3' } });
    const error = refusal(() => compareRuns(run(published), other, strict));
    expect(error.differences).toEqual([{ kind: 'hardware', text: 'A: A100-SXM4-80GB; B: H100-80GB-HBM3' }]);
    expect(error.message).toContain('--allow-different hardware');
    const comparison = compareRuns(run(published), other, { ...strict, allow: ['hardware'] });
    expect(comparison.allowed).toEqual(error.differences);
  });

  it('takes the CPU for the hardware where there is no GPU', () => {
    const on = (cpu_model: string) =>
      run(published, { environment: { ...A100, gpu_product: null, cpu_model } as never });
    expect(compareRuns(on('AMD EPYC'), on('AMD EPYC'), strict).verdict).toBe('same');
    expect(refusal(() => compareRuns(on('AMD EPYC'), on('Xeon'), strict)).message).toContain('A: AMD EPYC; B: Xeon');
  });

  it('refuses a run that was itself measured on two machines, and one that does not say on what', () => {
    const [first, ...rest] = recordsFor(page, { microseconds: published, environment: A100 });
    const [moved] = recordsFor(page, { microseconds: published, environment: { ...A100, gpu_product: 'A30' } });
    if (first === undefined || moved === undefined) throw new Error('no records');
    const mixed = resultSet('mixed', [moved, ...rest], { spec: page });
    expect(refusal(() => compareRuns(mixed, run(published), strict)).message).toContain(
      'several (A30; A100-SXM4-80GB)',
    );
    const silent = run(published, { environment: {} as never });
    const kinds = refusal(() => compareRuns(silent, silent, strict)).differences.map(({ kind }) => kind);
    expect(kinds).toEqual(['hardware', 'image']);
  });

  it('refuses another image or Triton', () => {
    const other = run(published, { environment: { ...A100, triton_version: '2.51.0' } });
    expect(refusal(() => compareRuns(run(published), other, strict)).differences).toMatchObject([{ kind: 'image' }]);
  });

  it('refuses another spec setting by setting, and lets pass what cannot matter', () => {
    const spec = withSpec('model.scale=0.5', 'name=other', 'repeats=9', 'cluster.runId=run-9');
    const { differences } = refusal(() => compareRuns(run(published, { spec }), run(published), strict));
    expect(differences).toEqual([{ kind: 'spec', text: 'model.scale: 0.5 in A, 1 in B' }]);
    const harmless = withSpec(
      'name=other',
      'repeats=9',
      'cluster.runId=run-9',
      'variants=[fp16_trt_with_hps, fp32_trt_with_hps, tf_with_hps, native_tf]',
    );
    expect(compareRuns(run(published, { spec: harmless }), run(published), strict).verdict).toBe('same');
  });

  it('refuses a part of the cells, and compares that part when told', () => {
    const spec = withSpec('batches=[32, 1024]');
    const part = run(published, { spec });
    expect(refusal(() => compareRuns(part, run(published), strict)).differences).toMatchObject([{ kind: 'spec' }]);
    const comparison = compareRuns(part, run(published), { ...strict, allow: ['spec'] });
    expect(comparison).toMatchObject({ verdict: 'same', missing: [] });
    expect(comparison.cells).toHaveLength(8);
    expect(comparison.notes[0]).toMatch(/^only B was to measure: native_tf at 64, 256/);
  });

  it('says that it cannot tell where only hashes differ', () => {
    const spec = withSpec('model.scale=0.5');
    const bare = resultSet('bare', recordsFor(spec, { microseconds: published, environment: A100 }));
    expect(refusal(() => compareRuns(bare, run(published), strict)).message).toContain(
      'is not known, because A has no run.json',
    );
  });
});

describe('a run and the published page', () => {
  it('reproduces it on its hardware with its image and settings', () => {
    const comparison = comparePublished(run(published), PAGE, strict);
    expect(comparison).toMatchObject({ verdict: 'reproduced', allowed: [] });
    expect(comparison.cells).toHaveLength(44);
    expect(exitCode(comparison)).toBe(0);
  });

  it('is out of the band when slower and when faster, with code 1 for both', () => {
    const slower = comparePublished(run(shifted(1.3)), PAGE, strict);
    const faster = comparePublished(run(shifted(0.7)), PAGE, strict);
    expect([slower.verdict, faster.verdict]).toEqual(['regressed', 'improved']);
    expect([exitCode(slower), exitCode(faster)]).toEqual([1, 1]);
  });

  it('is refused on other hardware', () => {
    const elsewhere = run(published, { environment: { ...A100, gpu_product: 'NVIDIA H200' } });
    expect(refusal(() => comparePublished(elsewhere, PAGE, strict)).differences).toEqual([
      { kind: 'hardware', text: 'A: H200; the page: A100-SXM4-80GB' },
    ]);
  });

  it('is refused with another model or image, though not for more repeats', () => {
    const small = run(published, { spec: withSpec('model.scale=0.01', 'repeats=6') });
    expect(refusal(() => comparePublished(small, PAGE, strict)).differences).toMatchObject([
      { kind: 'spec', text: 'model.scale: 0.01 in A, 1 in the page' },
    ]);
    const newer = run(published, { environment: { ...A100, image: 'nvcr.io/nvidia/merlin/merlin-hugectr:24.06' } });
    expect(refusal(() => comparePublished(newer, PAGE, strict)).differences).toMatchObject([{ kind: 'image' }]);
    expect(comparePublished(run(published, { spec: withSpec('repeats=6') }), PAGE, strict).verdict).toBe('reproduced');
  });

  it('leaves out what the page does not have, and says so', () => {
    const spec = withSpec('batches=[1, 32, 1024]');
    const comparison = comparePublished(run(published, { spec }), PAGE, strict);
    expect(comparison.cells).toHaveLength(8);
    expect(comparison.notes).toContain('not on the page: native_tf at 1');
  });
});
