import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyModel } from '../../test/fixtures/published/arbitrary-model.js';
import { publishedPage, publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel } from '../../test/fixtures/published/sample-models.js';
import { REPORT_SCHEMA, reportJson } from './json.js';
import type { ReportModel } from './model.js';

interface Read extends ReportModel {
  schema: string;
  unit: string;
  derived: {
    speedUp: string | null;
    rows: {
      batch: number;
      speedUp: number | null;
      cells: { variant: string; n: number; medianUs: number | null; reasons: string[] }[];
    }[];
  };
}

const read = (model: ReportModel) => JSON.parse(reportJson(model)) as Read;

describe('the JSON report', () => {
  it('names its schema and unit and carries the speed-ups of the page', () => {
    const report = read(publishedModel('2025-01-02T03:04:05Z'));
    expect(report.schema).toBe('hps-bench/report/1');
    expect(REPORT_SCHEMA).toBe(report.schema);
    expect(report.unit).toBe('microseconds');
    expect(report.derived.speedUp).toBe('Speedup - FP16 TRT with HPS to Native TF');
    expect(report.derived.rows.map((row) => row.speedUp?.toFixed(2))).toEqual(
      publishedPage().rows.map((row) => row.speedUp),
    );
  });

  it('has null, never 0, for what was not measured', () => {
    const row = read(incompleteModel()).derived.rows.at(-1);
    expect(row?.speedUp).toBeNull();
    expect(row?.cells[0]).toMatchObject({ n: 0, medianUs: null });
    expect(row?.cells[0]?.reasons[0]).toContain('exit code 99');
  });

  it('contains the whole model, so that a report can be made again from it', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const { schema, unit, derived, ...again } = read(model);
        expect([schema, unit, derived.rows.length]).toEqual([REPORT_SCHEMA, 'microseconds', model.batches.length]);
        expect(again).toEqual(JSON.parse(JSON.stringify(model)));
      }),
    );
  });
});
