import { describe, expect, it } from 'vitest';
import { fullModel } from '../../test/fixtures/published/full-model.js';
import { localModel } from '../../test/fixtures/published/sample-models.js';
import { coldTable, tailTable, throughputTable } from './client-tables.js';
import type { ReportModel } from './model.js';
import { summarise } from './summary.js';

const of = (model: ReportModel) => summarise(model);
/** The model with that many requests in every repeat. */
function withRequests(requests: number): ReportModel {
  const model = localModel();
  const cells = model.cells.map((cell) => ({ ...cell, values: cell.values.map((value) => ({ ...value, requests })) }));
  return { ...model, cells };
}

describe('what the client saw', () => {
  it('has samples a second in the order of the page', () => {
    const table = throughputTable(of(fullModel()));
    expect(table?.head).toEqual(['Batch size', 'Native TF', 'TF with HPS', 'FP32 TRT with HPS', 'FP16 TRT with HPS']);
    expect(table?.rows).toHaveLength(11);
    // 131072 samples in 214097 + 220 µs.
    expect(table?.rows.at(-1)?.[1]).toBe('611,580');
  });

  it.each([
    [10, ['-', '-', '-']],
    [11, ['1178', '-', '-']],
    [63, ['1178', '-', '-']],
    [64, ['1178', '1396', '-']],
    [661, ['1178', '1396', '-']],
    [662, ['1178', '1396', '1791']],
  ])('claims only the percentiles that %i requests bear', (requests, percentiles) => {
    expect(tailTable(of(withRequests(requests)))?.rows[0]?.slice(-3)).toEqual(percentiles);
  });

  it('goes by the repeat with the fewest requests', () => {
    const model = withRequests(9000);
    const values = model.cells[0]?.values ?? [];
    const few = {
      ...localModel().cells[0],
      values: values.map((value, index) => (index === 1 ? { ...value, requests: 20 } : value)),
    };
    const cells = [{ ...few, variant: 'native_tf', batch: 32 }, ...model.cells.slice(1)];
    expect(tailTable(of({ ...model, cells }))?.rows[0]?.slice(2)).toEqual(['20', '1198', '1178', '-', '-']);
  });

  it('marks a first request that had to start the model', () => {
    const table = coldTable(of(localModel()));
    expect(table?.rows[0]).toEqual(['32', '3952 †', '3312 †']);
    expect(table?.rows[1]?.[1]).toBe('5104');
    expect(table?.caption).toContain('†: the first request to the model at all');
  });

  it('is left out where nothing was recorded', () => {
    const model = localModel();
    const bare = model.cells.map((cell) => ({
      ...cell,
      values: cell.values.map(({ repeat, computeInferUs }) => ({ repeat, computeInferUs })),
    }));
    const summary = of({ ...model, cells: bare });
    expect([throughputTable(summary), tailTable(summary), coldTable(summary)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
