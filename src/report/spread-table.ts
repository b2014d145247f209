import type { PlainTable } from './plain-table.js';
import { wholeMicroseconds } from './rounding.js';
import { allCells, type CellSummary, type ReportSummary } from './summary.js';

/** Median of every cell and how sure it is; undefined when no cell was repeated. */
export function spreadTable(summary: ReportSummary): PlainTable | undefined {
  if (!summary.repeated) return undefined;
  return {
    caption: `Median over the repeats, in microseconds. ${spreadSentence(summary)} Half-width: half the distance, in percent of the median.`,
    head: ['Batch size', 'Deployment', 'n', 'Median', 'From', 'To', 'What', 'Half-width'],
    rows: allCells(summary).map((cell) => [String(cell.batch), cell.variant.label, ...spreadTexts(cell)]),
    wordColumns: [1, 6],
  };
}

/** What "from" and "to" are in this run: intervals, ranges, or some of each. */
export function spreadSentence(summary: ReportSummary): string {
  const kinds = new Set(allCells(summary).flatMap(({ spread }) => (spread === undefined ? [] : [spread.kind])));
  const interval =
    'From and to enclose the median with the probability given, whatever the distribution (order statistics, at least 95 %).';
  const range = 'are the smallest and the largest value: an interval of the median needs 6 repeats.';
  if (!kinds.has('interval')) return `From and to ${range}`;
  return kinds.has('range') ? `${interval} Where it says range, they ${range}` : interval;
}

function spreadTexts({ n, medianUs, spread, halfWidthPercent }: CellSummary): string[] {
  if (medianUs === undefined) return ['0', '-', '-', '-', '-', '-'];
  const head = [String(n), wholeMicroseconds(medianUs)];
  if (spread === undefined) return [...head, '-', '-', '-', '-'];
  const half = halfWidthPercent === undefined ? '-' : `${halfWidthPercent.toFixed(1)} %`;
  return [...head, wholeMicroseconds(spread.low), wholeMicroseconds(spread.high), spreadKind(spread), half];
}

/** `96.9 % interval`, or `range`. */
export function spreadKind(spread: NonNullable<CellSummary['spread']>): string {
  return spread.kind === 'range' ? 'range' : `${(100 * spread.level).toFixed(1)} % interval`;
}
