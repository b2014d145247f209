import type { ReportModel } from './model.js';
import type { PlainTable } from './plain-table.js';
import { wholeMicroseconds } from './rounding.js';
import type { ReportSummary } from './summary.js';

/** Each cell against the published figure; undefined without a reference. */
export function verdictTable(model: ReportModel, summary: ReportSummary): PlainTable | undefined {
  const { verdict } = model;
  if (verdict === undefined || verdict.cells.length === 0) return undefined;
  const cellOf = (variant: string, batch: number) =>
    summary.rows.find((row) => row.batch === batch)?.cells.find((cell) => cell.variant.id === variant);
  return {
    caption: 'Measured / published, with the interval of the ratio. Above 1 this run is slower than the page.',
    head: ['Batch size', 'Deployment', 'Measured', 'Published', 'Ratio', 'From', 'To', 'n', 'Verdict'],
    rows: verdict.cells.map(({ variant, batch, publishedUs, ratio, interval, verdict: said, needed }) => {
      const cell = cellOf(variant, batch);
      const measured = cell?.medianUs === undefined ? '-' : wholeMicroseconds(cell.medianUs);
      return [
        String(batch),
        cell?.variant.label ?? variant,
        measured,
        wholeMicroseconds(publishedUs),
        ratio.toFixed(3),
        interval === null ? '-' : interval.low.toFixed(3),
        interval === null ? '-' : interval.high.toFixed(3),
        String(cell?.n ?? 0),
        needed === null ? said : `${said}, needs ${needed} repeats`,
      ];
    }),
    wordColumns: [1, 8],
  };
}
