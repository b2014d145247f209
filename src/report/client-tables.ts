import { median, queriesFor } from '../statistics/index.js';
import type { RepeatValue } from './model.js';
import type { PlainTable } from './plain-table.js';
import { wholeMicroseconds } from './rounding.js';
import { allCells, type CellSummary, type ReportSummary } from './summary.js';

/** The percentiles that are shown, where the model has them, and the fewest requests that bear them with 99 % confidence. */
export const PERCENTILES = [
  { field: 'p50Us', head: 'p50', requests: queriesFor(1, 0.5) },
  { field: 'p90Us', head: 'p90', requests: queriesFor(1, 0.9) },
  { field: 'p99Us', head: 'p99', requests: queriesFor(1, 0.99) },
] as const;

/** Samples a second of every cell, laid out as the page's table; undefined without any. */
export function throughputTable(summary: ReportSummary): PlainTable | undefined {
  const of = (cell: CellSummary) => present(cell, 'samplesPerSecond');
  if (!allCells(summary).some((cell) => of(cell).length > 0)) return undefined;
  return {
    caption: 'Samples (not requests) answered a second, seen by the client; medians over the repeats.',
    head: ['Batch size', ...labels(summary)],
    rows: summary.rows.map((row) => [String(row.batch), ...row.cells.map((cell) => thousands(of(cell)))]),
    wordColumns: [],
  };
}

/** Mean and percentiles of a request at the client; undefined without any. */
export function tailTable(summary: ReportSummary): PlainTable | undefined {
  const cells = allCells(summary).filter((cell) => present(cell, 'clientAvgUs').length > 0);
  if (cells.length === 0) return undefined;
  return {
    caption: `A request seen by the client, in microseconds; medians over the repeats. ${percentileSentence(cells)}`,
    head: ['Batch size', 'Deployment', 'Requests', 'Mean', ...PERCENTILES.map(({ head }) => head)],
    rows: cells.map((cell) => [
      String(cell.batch),
      cell.variant.label,
      requestsText(cell),
      micros(present(cell, 'clientAvgUs')),
      ...PERCENTILES.map(({ field, head }) => (allows(cell, head) ? micros(present(cell, field)) : '-')),
    ]),
    wordColumns: [1],
  };
}

/** First requests, laid out as the page's table; undefined without any. */
export function coldTable(summary: ReportSummary): PlainTable | undefined {
  const cold = allCells(summary).filter((cell) => present(cell, 'coldUs').length > 0);
  if (cold.length === 0) return undefined;
  const starts = cold.some((cell) => cell.values.some((value) => value.coldInitialises === true));
  return {
    caption:
      'The first request of each batch after the model was loaded, before any warm-up: client time in microseconds.' +
      (starts ? ' †: the first request to the model at all, with the model’s own start in it.' : ''),
    head: ['Batch size', ...labels(summary)],
    rows: summary.rows.map((row) => [
      String(row.batch),
      ...row.cells.map((cell) => {
        const mark = cell.values.some((value) => value.coldInitialises === true) ? ' †' : '';
        return `${micros(present(cell, 'coldUs'))}${mark}`;
      }),
    ]),
    wordColumns: [],
  };
}

/**
 * Whether each repeat has enough requests to bound the percentile with 99 % confidence, by MLPerf's early stopping: 11 for
 * p50, 64 for p90, 662 for p99.
 */
export function allows(cell: CellSummary, percentile: (typeof PERCENTILES)[number]['head']): boolean {
  const requests = present(cell, 'requests');
  const needed = PERCENTILES.find(({ head }) => head === percentile)?.requests ?? Infinity;
  return requests.length > 0 && Math.min(...requests) >= needed;
}

function percentileSentence(cells: readonly CellSummary[]): string {
  const lacking = PERCENTILES.filter(({ head }) => cells.some((cell) => !allows(cell, head)));
  if (lacking.length === 0) return 'Requests: the fewest in a repeat.';
  const needs = lacking.map(({ head, requests }) => `${head} ${requests}`).join(', ');
  return `Requests: the fewest in a repeat. A percentile is given only where these suffice for it (${needs}; MLPerf’s early stopping, 99 % confidence); elsewhere stands -.`;
}

function requestsText(cell: CellSummary): string {
  const requests = present(cell, 'requests');
  return requests.length === 0 ? '-' : String(Math.min(...requests));
}

function labels(summary: ReportSummary): string[] {
  return summary.rows[0]?.cells.map((cell) => cell.variant.label) ?? [];
}

function present(cell: CellSummary, field: keyof RepeatValue): number[] {
  return cell.values
    .map((value) => value[field])
    .filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}

function micros(values: readonly number[]): string {
  return values.length === 0 ? '-' : wholeMicroseconds(median(values));
}

function thousands(values: readonly number[]): string {
  return values.length === 0 ? '-' : Math.round(median(values)).toLocaleString('en-US');
}
