import { describe, expect, it } from 'vitest';
import { publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { summarise } from './summary.js';

const published = publishedModel('2025-01-02T03:04:05Z');

describe('the summary of a report', () => {
  it('has a row for each batch and a cell for each variant, in the order of the model', () => {
    const { rows } = summarise(published);
    expect(rows.map((row) => row.batch)).toEqual(published.batches);
    expect(rows[3]?.cells.map((cell) => [cell.variant.id, cell.medianUs])).toEqual([
      ['native_tf', 1911],
      ['tf_with_hps', 849],
      ['fp32_trt_with_hps', 604],
      ['fp16_trt_with_hps', 534],
    ]);
  });

  it('takes the speed-up from unrounded medians', () => {
    const values = (us: number[]) => us.map((computeInferUs, index) => ({ repeat: index + 1, computeInferUs }));
    const cells = [
      { variant: 'native_tf', batch: 32, values: values([100, 101]) },
      { variant: 'fp16_trt_with_hps', batch: 32, values: values([10, 11]) },
    ];
    // 100.5 / 10.5 = 9.571; from the printed 101 and 11 it would be 9.18.
    expect(summarise({ ...published, cells }).rows[0]?.speedUp).toBe('9.57');
  });

  it('gives the range of fewer than six repeats, and calls it that', () => {
    const cell = summarise(localModel()).rows[0]?.cells[0];
    expect(cell).toMatchObject({ n: 3, medianUs: 988, spread: { kind: 'range' } });
    expect(cell?.spread?.low).toBeCloseTo(928.72, 6);
    expect(cell?.spread?.high).toBeCloseTo(1076.92, 6);
    expect(cell?.halfWidthPercent).toBeCloseTo(7.5, 6);
  });

  it('gives the interval of the median from six repeats on, with the level that it has', () => {
    const of = (n: number) => {
      const values = Array.from({ length: n }, (_, index) => ({ repeat: index + 1, computeInferUs: 100 + index }));
      const cells = [{ variant: 'native_tf', batch: 32, values }];
      return summarise({ ...published, cells }).rows[0]?.cells[0]?.spread;
    };
    expect(of(1)).toBeUndefined();
    expect(of(5)).toEqual({ kind: 'range', low: 100, high: 104 });
    expect(of(6)).toEqual({ kind: 'interval', low: 100, high: 105, level: 0.96875 });
    // Ranks 2 and 9 of 10: 1 - 2 (1 + 10) / 1024.
    expect(of(10)).toEqual({ kind: 'interval', low: 101, high: 108, level: 1 - 22 / 1024 });
  });

  it('leaves median and speed-up of a missing cell absent and gives the reason of the ledger', () => {
    const row = summarise(incompleteModel()).rows.at(-1);
    expect(row?.cells[0]).not.toHaveProperty('medianUs');
    expect(row?.cells[0]?.reasons).toEqual([
      'failed: perf_analyzer left with exit code 99; server closed the connection',
    ]);
    expect(row).not.toHaveProperty('speedUp');
  });

  it('treats a value that is not a finite number as not measured', () => {
    const cells = [{ variant: 'native_tf', batch: 32, values: [{ repeat: 1, computeInferUs: Number.NaN }] }];
    const cell = summarise({ ...published, cells }).rows[0]?.cells[0];
    expect(cell?.n).toBe(0);
    expect(cell).not.toHaveProperty('medianUs');
  });

  it('forms no speed-up from a contender time of zero', () => {
    const zero = published.cells.map((cell) =>
      cell.variant === 'fp16_trt_with_hps' ? { ...cell, values: [{ repeat: 1, computeInferUs: 0 }] } : cell,
    );
    expect(summarise({ ...published, cells: zero }).rows.every((row) => row.speedUp === undefined)).toBe(true);
  });

  it('has nothing to compare when baseline and contender are the same variant', () => {
    const summary = summarise({ ...published, contender: 'native_tf' });
    expect(summary.comparable).toBe(false);
    expect(summary.rows.every((row) => row.speedUp === undefined)).toBe(true);
  });

  it('counts repeats that failed for the same reason instead of repeating it', () => {
    const entries = [1, 2, 3].map((repeat) => ({
      id: `native_tf-b32-c1-r${repeat}`,
      status: 'failed' as const,
      reasons: ['no answer'],
    }));
    const summary = summarise({ ...published, cells: [], ledger: { ...published.ledger, entries } });
    expect(summary.rows[0]?.cells[0]?.reasons).toEqual(['3 x failed: no answer']);
    expect(summary.rows[1]?.cells[0]?.reasons).toEqual([]);
  });

  it('tells variants apart whose ids contain each other', () => {
    const variants = [
      { id: 'tf', label: 'TF', hps: false },
      { id: 'tf_gpu', label: 'TF GPU', hps: false },
    ];
    const entries = [{ id: 'tf_gpu-b32-c1-r1', status: 'failed' as const, reasons: ['out of memory'] }];
    const ledger = { ...published.ledger, entries };
    const model = { ...published, variants, baseline: 'tf', contender: 'tf_gpu', cells: [], batches: [32], ledger };
    const row = summarise(model).rows[0];
    expect(row?.cells.map((cell) => cell.reasons)).toEqual([[], ['failed: out of memory']]);
  });

  it('prefers the cell that a ledger entry names over what its id looks like', () => {
    const cell = { variant: 'tf_with_hps', batch: 64 };
    const entries = [{ id: 'native_tf-b32', status: 'invalid' as const, reasons: ['moved'], cell }];
    const { rows } = summarise({ ...published, ledger: { ...published.ledger, entries } });
    expect(rows[0]?.cells[0]?.reasons).toEqual([]);
    expect(rows[1]?.cells[1]?.reasons).toEqual(['invalid: moved']);
  });
});

describe('the check of a report model', () => {
  const first = published.cells.slice(0, 1);
  it.each([
    ['no variants', { variants: [] }, /variants is "\[\]"/],
    ['no batches', { batches: [] }, /batches is "\[\]"/],
    ['a batch twice', { batches: [32, 32] }, /batches is 32.*once/],
    ['a batch of zero samples', { batches: [0] }, /batches is 0.*1 or more/],
    ['an unknown baseline', { baseline: 'tf' }, /baseline is "tf".*native_tf, tf_with_hps/],
    ['an unknown contender', { contender: 'trt' }, /contender is "trt".*native_tf/],
    ['a cell of an unknown variant', { cells: [{ variant: 'x', batch: 32, values: [] }] }, /cells\[\]\.variant is "x"/],
    [
      'a cell of an unknown batch',
      { cells: [{ variant: 'native_tf', batch: 33, values: [] }] },
      /cells\[\]\.batch is 33.*32, 64/,
    ],
    ['a cell twice', { cells: [...first, ...first] }, /native_tf at batch 32.*once/],
    [
      'a ledger that does not add up',
      { ledger: { ...published.ledger, measured: 43 } },
      /ledger\.expected is 44, but must be .* = 43/,
    ],
    ['a date that is none', { generatedAt: 'today' }, /generatedAt is "today".*ISO 8601/],
  ])('refuses %s', (_, change, message) => {
    expect(() => summarise({ ...published, ...change })).toThrow(message);
  });
});
