import picocolors from 'picocolors';
import { oneLine } from './escape.js';
import { cellText, speedUpText } from './markdown-table.js';
import type { ReportModel } from './model.js';
import { speedUpHeading, summarise, type ReportSummary } from './summary.js';
import { terminalLines } from './terminal-table.js';
import { footnotes, ledgerSentence } from './wording.js';

export interface TerminalTableOptions {
  /** Use ANSI colours. @default false: plain text */
  colors?: boolean;
  /** Columns of the terminal. @default 100 */
  width?: number;
}

const SMALLEST_COLUMN = 9;
/**
 * The page's table for a terminal, with what is missing below it; ends in a line feed. Headings wrap so that the table stays
 * within `width`, as long as each column can have 9 characters.
 */
export function terminalTable(model: ReportModel, options: TerminalTableOptions = {}): string {
  const summary = summarise(model);
  const colors = picocolors.createColors(options.colors ?? false);
  const heads = ['Batch size', ...model.variants.map((variant) => variant.label)];
  if (summary.comparable) heads.push(speedUpHeading(summary));
  const body = bodyOf(summary);
  const lines = terminalLines(
    heads.map((head) => colors.bold(oneLine(head))),
    body,
    { wordColumns: [], widths: columnWidths(heads.map(oneLine), body, options.width ?? 100) },
  );
  lines.push('', 'compute infer, microseconds per batch', ledgerSentence(model));
  if (!summary.anyHps) lines.push('No deployment in this run uses HPS.');
  lines.push(...footnotes(summary).map((note) => colors.yellow(`- ${note}`)));
  return `${lines.join('\n')}\n`;
}

function bodyOf(summary: ReportSummary): string[][] {
  return summary.rows.map((row) => {
    const cells = [String(row.batch), ...row.cells.map(cellText)];
    return summary.comparable ? [...cells, speedUpText(row)] : cells;
  });
}

/** Equal shares of the width, but no column wider than its text and none narrower than its numbers. */
function columnWidths(heads: string[], body: string[][], width: number): number[] {
  const share = Math.floor((width - (heads.length - 1)) / heads.length);
  return heads.map((head, index) => {
    const numbers = Math.max(...body.map((line) => line[index]?.length ?? 0), SMALLEST_COLUMN);
    return Math.max(numbers, Math.min(head.length, share));
  });
}
