import { allows, PERCENTILES } from './client-tables.js';
import type { ReportModel } from './model.js';
import { perSampleOf } from './per-sample-table.js';
import { speedUpHeading, summarise } from './summary.js';

/** Name and version of the shape that {@link reportJson} writes. */
export const REPORT_SCHEMA = 'hps-bench/report/1';

/**
 * The model and everything derived from it, as indented JSON that ends in a line feed. A cell that was not measured has
 * `medianUs: null`, never 0; a speed-up that cannot be formed is null. `percentiles`: those that the number of requests bears.
 */
export function reportJson(model: ReportModel): string {
  const summary = summarise(model);
  const rows = summary.rows.map((row) => ({
    batch: row.batch,
    cells: row.cells.map((cell) => ({
      variant: cell.variant.id,
      n: cell.n,
      medianUs: cell.medianUs ?? null,
      minUs: cell.minUs ?? null,
      maxUs: cell.maxUs ?? null,
      spread: cell.spread ?? null,
      halfWidthPercent: cell.halfWidthPercent ?? null,
      percentiles: PERCENTILES.filter(({ head }) => allows(cell, head)).map(({ head }) => head),
      reasons: cell.reasons,
    })),
    speedUp: row.speedUp === undefined ? null : Number(row.speedUp),
  }));
  const speedUp = summary.comparable ? speedUpHeading(summary) : null;
  const perSample = perSampleOf(summary).map((line, index) => ({
    variant: model.variants[index]?.id,
    line: line ?? null,
  }));
  const derived = { speedUp, rows, perSample };
  const document = { schema: REPORT_SCHEMA, unit: 'microseconds', ...model, derived };
  return `${JSON.stringify(document, null, 2)}\n`;
}
