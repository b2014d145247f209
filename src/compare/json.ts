import type { Comparison } from './comparison.js';
import type { IncomparableError } from './compare.js';
import { exitCode, headline, noReproduction } from './wording.js';

/** Name and version of the shape that {@link jsonComparison} writes. */
export const COMPARISON_SCHEMA = 'hps-bench/comparison/1';

/** A comparison as indented JSON that ends in a line feed. Times in µs, ratios A / B. */
export function jsonComparison(comparison: Comparison): string {
  return written({
    ...comparison,
    sentence: headline(comparison),
    reproduction: comparison.published ? noReproduction(comparison) === undefined : null,
    exitCode: exitCode(comparison),
  });
}

/** The refusal to compare, in the same shape as far as it goes. */
export function jsonRefusal(error: IncomparableError, code: number): string {
  const { a, b, differences } = error;
  return written({ a: { source: a }, b: { source: b }, verdict: 'environment invalid', differences, exitCode: code });
}

function written(content: object): string {
  return `${JSON.stringify({ schema: COMPARISON_SCHEMA, unit: 'microseconds', ...content }, null, 2)}\n`;
}
