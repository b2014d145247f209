import type { RepeatValue, ReportModel } from './model.js';
import { median, significant, wholeMicroseconds } from './rounding.js';
import type { CellSummary, ReportSummary } from './summary.js';

/** A table in plain text, to be dressed by each output: headings, rows, and which columns hold words and not numbers. */
export interface PlainTable {
  caption: string;
  head: string[];
  rows: string[][];
  wordColumns: number[];
}

const CLIENT_COLUMNS: { field: keyof RepeatValue; head: string }[] = [
  { field: 'samplesPerSecond', head: 'Samples/s' },
  { field: 'clientAvgUs', head: 'Client mean' },
  { field: 'p50Us', head: 'Client p50' },
  { field: 'p99Us', head: 'Client p99' },
  { field: 'coldUs', head: 'First request' },
];

/** Median, min, max and half-range of every cell; undefined when no cell was repeated. */
export function spreadTable(summary: ReportSummary): PlainTable | undefined {
  if (!summary.repeated) return undefined;
  return {
    caption: 'Spread over the repeats, in microseconds. Half-range is half of max minus min, in percent of the median.',
    head: ['Batch size', 'Deployment', 'n', 'Median', 'Min', 'Max', 'Half-range'],
    rows: allCells(summary).map((cell) => [String(cell.batch), cell.variant.label, ...spreadTexts(cell)]),
    wordColumns: [1],
  };
}

function spreadTexts(cell: CellSummary): string[] {
  const { n, medianUs, minUs, maxUs } = cell;
  if (medianUs === undefined || minUs === undefined || maxUs === undefined) return ['0', '-', '-', '-', '-'];
  const halfRange = cell.halfRangePercent === undefined || n < 2 ? '-' : `${cell.halfRangePercent.toFixed(1)} %`;
  return [String(n), ...[medianUs, minUs, maxUs].map(wholeMicroseconds), halfRange];
}

/** What the client saw, as medians over the repeats; only columns with a value, and undefined when there is none at all. */
export function clientTable(summary: ReportSummary): PlainTable | undefined {
  const columns = CLIENT_COLUMNS.filter(({ field }) =>
    allCells(summary).some((cell) => present(cell, field).length > 0),
  );
  if (columns.length === 0) return undefined;
  return {
    caption:
      'Seen by the client, medians over the repeats; times in microseconds. ' +
      'Samples/s counts samples, not requests. First request is the one before any warm-up.',
    head: ['Batch size', 'Deployment', ...columns.map((column) => column.head)],
    rows: allCells(summary).map((cell) => [
      String(cell.batch),
      cell.variant.label,
      ...columns.map(({ field }) => {
        const values = present(cell, field);
        return values.length === 0 ? '-' : wholeMicroseconds(median(values));
      }),
    ]),
    wordColumns: [1],
  };
}

/** How far each deployment's scores are from the reference's; undefined when the run has no such comparison. */
export function parityTable(model: ReportModel): PlainTable | undefined {
  const { parity } = model;
  if (parity === undefined) return undefined;
  const label = (id: string) => model.variants.find((variant) => variant.id === id)?.label ?? id;
  return {
    caption:
      `Scores of ${parity.requests} identical request${parity.requests === 1 ? '' : 's'}, compared with ` +
      `${label(parity.reference)}; the largest accepted difference is ${significant(parity.limit)}.`,
    head: ['Deployment', 'Largest difference', 'Lowest score', 'Highest score', 'Result'],
    rows: parity.rows.map((row) => [
      label(row.variant),
      finite(row.maxAbsDifference, 3),
      finite(row.scoreMin, 6),
      finite(row.scoreMax, 6),
      row.maxAbsDifference <= parity.limit ? 'within the limit' : 'ABOVE THE LIMIT',
    ]),
    wordColumns: [0, 4],
  };
}

/** Every ledger entry that is not measured, with its reasons; undefined when there is none. */
export function ledgerTable(model: ReportModel): PlainTable | undefined {
  const entries = model.ledger.entries.filter((entry) => entry.status !== 'measured');
  if (entries.length === 0) return undefined;
  return {
    caption: 'Expected measurements without a valid result.',
    head: ['Measurement', 'Status', 'Reason'],
    rows: entries.map((entry) => [entry.id, entry.status, entry.reasons.join('; ') || 'no reason recorded']),
    wordColumns: [0, 1, 2],
  };
}

function allCells(summary: ReportSummary): CellSummary[] {
  return summary.rows.flatMap((row) => row.cells);
}

function present(cell: CellSummary, field: keyof RepeatValue): number[] {
  return cell.values.map((value) => value[field]).filter((value): value is number => Number.isFinite(value));
}

function finite(value: number, digits: number): string {
  return Number.isFinite(value) ? significant(value, digits) : 'not a number';
}
