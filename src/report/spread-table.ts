import type { PlainTable } from './plain-table.js';
import { wholeMicroseconds } from './rounding.js';
import { allCells, type CellSummary, type ReportSummary } from './summary.js';

/** Median of every cell and how sure it is; undefined when no cell was repeated. */
export function spreadTable(summary: ReportSummary): PlainTable | undefined {
  if (!summary.repeated) return undefined;
  return {
    caption: `Median over the repeats, in microseconds. ${spreadSentence(summary)} Half-width is half of it, in percent of the median.`,
    head: ['Batch size', 'Deployment', 'n', 'Median', 'From', 'To', 'What', 'Half-width'],
    rows: allCells(summary).map((cell) => [String(cell.batch), cell.variant.label, ...spreadTexts(cell)]),
    wordColumns: [1, 6],
  };
}

/** What "from" and "to" are in this run: intervals, ranges, or some of each. */
export function spreadSentence(summary: ReportSummary): string {
  const kinds = new Set(allCells(summary).flatMap(({ spread }) => (spread === undefined ? [] : [spread.kind])));
  const interval =
    'From and to enclose the median with the probability given: an interval between order statistics, at least 95 %, whatever the distribution.';
  const range = 'Below 6 repeats there is no such interval: from and to are then the smallest and the largest value.';
  return [...(kinds.has('interval') ? [interval] : []), ...(kinds.has('range') ? [range] : [])].join(' ');
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
