import { escapeMarkdown, escapeMarkdownLine } from './escape.js';
import type { ReportModel } from './model.js';
import type { PlainTable } from './plain-table.js';
import { wholeMicroseconds } from './rounding.js';
import { spreadTable } from './spread-table.js';
import { speedUpHeading, summarise, type CellSummary, type ReportSummary, type RowSummary } from './summary.js';
import { footnotes, noHpsSentence, UNIT_LINE } from './wording.js';

/**
 * The page's table as Markdown, in whole microseconds, with the speed-up to two decimals; below it the unit, the reason for
 * every missing cell (`-`) and, when cells were repeated, the spread over the repeats. Ends in a line feed.
 */
export function markdownTable(model: ReportModel): string {
  const summary = summarise(model);
  const lines = [...pageTable(model, summary), '', UNIT_LINE];
  const noHps = noHpsSentence(model, summary);
  if (noHps !== undefined) lines.push('', escapeMarkdownLine(noHps));
  const notes = footnotes(summary);
  if (notes.length > 0) lines.push('', ...notes.map((note) => `- ${escapeMarkdownLine(note)}`));
  const spread = spreadTable(summary);
  if (spread !== undefined) lines.push('', ...plainTableLines(spread));
  return `${lines.join('\n')}\n`;
}

/** The table alone, line by line, spaced as the page's source is. */
function pageTable(model: ReportModel, summary: ReportSummary): string[] {
  const labels = model.variants.map((variant) => variant.label);
  const heads = ['Batch size', ...labels, ...(summary.comparable ? [speedUpHeading(summary)] : [])].map(escapeMarkdown);
  const rows = summary.rows.map((row) => {
    const cells = row.cells.map(cellText);
    return `| ${row.batch} |${[...cells, ...(summary.comparable ? [speedUpText(row)] : [])].join('|')}|`;
  });
  const rule = heads.map((head) => '-'.repeat(Math.max(3, head.length)));
  return [`| ${heads.join(' | ')} |`, `| ${rule.join(' | ')} |`, ...rows];
}

/** Whole microseconds, or `-` for a cell without a measurement. */
export function cellText(cell: CellSummary): string {
  return cell.medianUs === undefined ? '-' : wholeMicroseconds(cell.medianUs);
}

/** Two decimals, or `-` where no speed-up can be formed. */
export function speedUpText(row: RowSummary): string {
  return row.speedUp ?? '-';
}

/** A caption and a table, numbers to the right. */
export function plainTableLines(table: PlainTable): string[] {
  const line = (cells: string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = table.head.map((_, index) => (table.wordColumns.includes(index) ? ':---' : '---:'));
  return [escapeMarkdownLine(table.caption), '', line(table.head), `| ${rule.join(' | ')} |`, ...table.rows.map(line)];
}
