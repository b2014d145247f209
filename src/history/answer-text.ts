import { csvField } from '../report/escape.js';
import type { Answer } from './query.js';
import { textTable } from './text.js';

/** What one cell of a table for people shows at most; CSV and JSON show all. */
const LONGEST = 60;

/** An answer for people. @param width columns of the terminal */
export function answerText({ columns, rows }: Answer, width: number): string {
  const numeric = columns.map((_, i) => rows.some((row) => row[i] !== null) && rows.every((row) => isNumber(row[i])));
  const cells = rows.map((row) => row.map((value) => shorten(shownText(value))));
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  const heads = columns.map((head, i) => ({ head, right: numeric[i] === true, ...(numeric[i] ? {} : { least: 8 }) }));
  return `${textTable(heads, cells, width)}(${count})\n`;
}

/** RFC 4180 with a header line. Null is empty; structs and lists are JSON. */
export function answerCsv({ columns, rows }: Answer): string {
  return [columns, ...rows.map((row) => row.map(valueText))]
    .map((line) => `${line.map(csvField).join(',')}\r\n`)
    .join('');
}

/** A list of objects, one a row. */
export function answerJson({ columns, rows }: Answer): string {
  return `${JSON.stringify(rowObjects({ columns, rows }), null, 2)}\n`;
}

export function rowObjects({ columns, rows }: Answer): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])));
}

/** Seven digits tell any two measurements apart. */
function shownText(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(7)))
    : valueText(value);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isNumber(value: unknown): boolean {
  return value === null || typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
