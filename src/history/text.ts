import { oneLine } from '../report/escape.js';

export interface Column {
  readonly head: string;
  /** Numbers stand right. @default left */
  readonly right?: boolean;
  /** Characters that it may be cut to where the line is too long; left out: never cut. */
  readonly least?: number;
}

/**
 * A table for people: two spaces between columns, ends in a line feed. Where a line would be wider than `width`, columns that may
 * be cut are, the widest first.
 */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[], width = Infinity): string {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = columns.map(({ head }, i) => Math.max(head.length, ...clean.map((row) => (row[i] ?? '').length)));
  narrow(columns, widths, width);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ right }, i) => pad(cut(row[i] ?? '', widths[i] ?? 0), widths[i] ?? 0, right === true))
      .join('  ')
      .trimEnd();
  return [columns.map(({ head }) => head), ...clean].map((row) => `${line(row)}\n`).join('');
}

function narrow(columns: readonly Column[], widths: number[], width: number): void {
  const total = (): number => widths.reduce((sum, one) => sum + one, 2 * (widths.length - 1));
  while (total() > width) {
    const room = columns.map(({ least }, i) => (least === undefined ? 0 : (widths[i] ?? 0) - least));
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) <= 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - text.length));
  return right ? space + text : text + space;
}
