/** Writes readings as JSON with exact integers, also beyond 2^53. */
import type { Reading } from './reading.js';

const ORDER = [
  'kind',
  'settings',
  'profile_export',
  'summary_statistic',
  'measurements',
  'summary',
  'flags',
  'errors',
  'warnings',
  'csv_columns',
] as const satisfies (keyof Reading)[];

/** JSON text of any value; bigints become plain integers, undefined members vanish. */
export function stringifyExact(value: unknown, indent = 0, level = 0): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const inner = indent > 0 ? `\n${' '.repeat(indent * (level + 1))}` : '';
  const outer = indent > 0 ? `\n${' '.repeat(indent * level)}` : '';
  const parts = Array.isArray(value)
    ? value.map((item) => stringifyExact(item ?? null, indent, level + 1))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(
          ([key, item]) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${stringifyExact(item, indent, level + 1)}`,
        );
  return parts.length === 0 ? open + close : `${open}${inner}${parts.join(`,${inner}`)}${outer}${close}`;
}

/** The document that `hps-bench parse` prints for a reading. */
export function readingToJson(reading: Reading, indent = 0): string {
  const document: Record<string, unknown> = {};
  for (const key of ORDER) document[key] = reading[key];
  return stringifyExact(document, indent);
}
