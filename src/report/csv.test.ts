import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyModel } from '../../test/fixtures/published/arbitrary-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { reportCsv } from './csv.js';
import type { ReportModel } from './model.js';

/** Reads RFC 4180: quoted fields with doubled quotes, CRLF after every record. Throws on anything else. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) throw new Error(`not RFC 4180 at character ${at}`);
    record.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

function table(model: ReportModel): Record<string, string>[] {
  const [head = [], ...rows] = parseCsv(reportCsv(model));
  return rows.map((row) => {
    expect(row).toHaveLength(head.length);
    return Object.fromEntries(head.map((name, index) => [name, row[index] ?? '']));
  });
}

describe('the CSV report', () => {
  it('has one line for each cell and repeat, unrounded', () => {
    const rows = table(localModel());
    expect(rows).toHaveLength(29);
    expect(rows[1]).toMatchObject({
      run_id: 'local-test',
      variant: 'native_tf',
      hps: 'false',
      batch: '32',
      concurrency: '1',
      status: 'measured',
      repeat: '2',
      compute_infer_us: '928.7199999999999',
      reason: '',
    });
  });

  it('keeps a line without numbers for a cell that was not measured, with the reason', () => {
    const missing = table(incompleteModel()).filter((row) => row['status'] === 'missing');
    expect(missing).toHaveLength(5);
    expect(missing[0]).toMatchObject({
      variant: 'tf_with_hps',
      batch: '32',
      repeat: '',
      compute_infer_us: '',
      reason: 'invalid: the log of the server holds an HPS error',
    });
  });

  it('gives back every text and every number, whatever they hold', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const rows = table(model);
        const labels = new Map(model.variants.map((variant) => [variant.id, variant.label]));
        expect(rows.every((row) => row['run_id'] === model.runId && row['spec_hash'] === model.specHash)).toBe(true);
        expect(rows.every((row) => row['label'] === labels.get(row['variant'] ?? ''))).toBe(true);
        const read = rows
          .filter((row) => row['status'] === 'measured')
          .map((row) => `${row['variant']}/${row['batch']}/${row['repeat']}/${Number(row['compute_infer_us'])}`);
        const given = model.cells.flatMap((cell) =>
          cell.values.map((value) => `${cell.variant}/${cell.batch}/${value.repeat}/${value.computeInferUs}`),
        );
        expect(read.sort()).toEqual(given.sort());
        const empty = rows.filter((row) => row['status'] === 'missing');
        expect(empty.every((row) => row['compute_infer_us'] === '' && row['repeat'] === '')).toBe(true);
      }),
    );
  });
});
