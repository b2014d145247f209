import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyModel } from '../../test/fixtures/published/arbitrary-model.js';
import { publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { markdownTable } from './markdown-table.js';
import { wholeMicroseconds } from './rounding.js';
import { summarise } from './summary.js';

/** The cells of a Markdown table line, by its pipes that are not escaped. */
function cellsOf(line: string): string[] {
  return line
    .split(/(?<!\\)(?:\\\\)*\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('the page table', () => {
  it('is the published table, row for row, from the published 44 numbers', () => {
    const lines = markdownTable(publishedModel('2025-01-02T03:04:05Z')).split('\n');
    expect(lines.slice(0, 13)).toEqual([
      '| Batch size | Native TF | TF with HPS | FP32 TRT with HPS | FP16 TRT with HPS | Speedup - FP16 TRT with HPS to Native TF |',
      '| ---------- | --------- | ----------- | ----------------- | ----------------- | ---------------------------------------- |',
      '| 32 |551|612|380|389|1.42|',
      '| 64 |608|667|381|346|1.76|',
      '| 256 |832|639|438|428|1.94|',
      '| 1024 |1911|849|604|534|3.58|',
      '| 2048 |4580|1059|927|766|5.98|',
      '| 4096 |9872|1459|1446|1114|8.86|',
      '| 8192 |19643|2490|2432|1767|11.12|',
      '| 16384 |35292|4131|4355|3053|11.56|',
      '| 32768 |54090|7795|6816|5247|10.31|',
      '| 65536 |107742|15036|13012|10022|10.75|',
      '| 131072 |213990|29374|25440|19340|11.06|',
    ]);
    expect(lines.slice(13)).toEqual([
      '',
      'Per-batch forward latency at the server (`compute infer`), in microseconds.',
      '',
    ]);
  });

  it('prints - for a missing cell and explains it below the table', () => {
    const table = markdownTable(incompleteModel());
    expect(table).toContain('| 32 |551|-|380|389|1.42|');
    expect(table).toContain('| 131072 |-|29374|25440|-|-|');
    expect(table).toContain(
      '- TF with HPS at batch 32: no valid measurement (invalid: the log of the server holds an HPS error)',
    );
    expect(table).toContain(
      '- FP16 TRT with HPS at batches 32768, 65536: no valid measurement (missing: the run was stopped before its turn)',
    );
    expect(table).toContain('- FP16 TRT with HPS at batch 131072: no valid measurement (missing: no reason recorded)');
  });

  it('shows the spread only when something was repeated, and says which cell has fewer repeats', () => {
    expect(markdownTable(incompleteModel())).not.toContain('Half-width');
    const table = markdownTable(localModel());
    expect(table).toContain('| 32 | Native TF | 3 | 988 | 929 | 1077 | range | 7.5 % |');
    expect(table).toContain('| 2048 | ONNX Runtime (CPU) | 2 | 8625 | 8358 | 8892 | range | 3.1 % |');
    expect(table).toContain('- ONNX Runtime (CPU) at batch 2048: only 2 valid repeats (invalid: counters');
  });

  it('says so when no deployment uses HPS, and not otherwise', () => {
    expect(markdownTable(localModel())).toContain('No deployment in this run uses HPS');
    expect(markdownTable(incompleteModel())).not.toContain('No deployment in this run uses HPS');
  });

  it('has no speed-up column when there is nothing to compare', () => {
    const model = { ...publishedModel('2025-01-02T03:04:05Z'), contender: 'native_tf' };
    expect(markdownTable(model)).not.toContain('Speedup');
    expect(markdownTable(model)).toContain('| 32 |551|612|380|389|\n');
  });

  it('shows every finite median in its place, never a number for a missing cell, whatever the labels hold', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const { rows, comparable } = summarise(model);
        const lines = markdownTable(model).split('\n');
        const columns = 1 + model.variants.length + (comparable ? 1 : 0);
        expect(cellsOf(lines[0] ?? '')).toHaveLength(columns);
        rows.forEach((row, index) => {
          const expected = row.cells.map(({ medianUs }) =>
            medianUs === undefined ? '-' : wholeMicroseconds(medianUs),
          );
          const cells = cellsOf(lines[index + 2] ?? '');
          expect(cells.slice(0, 1 + expected.length)).toEqual([String(row.batch), ...expected]);
          expect(cells).toHaveLength(columns);
        });
      }),
    );
  });
});
