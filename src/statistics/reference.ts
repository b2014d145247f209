/** For tests: values computed with R, each under the expression that gave it (test/fixtures/statistics/reference.R). */
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../test/fixtures/statistics/reference.json', import.meta.url), 'utf8');
const { values } = JSON.parse(text) as { values: Readonly<Record<string, number | string | (number | string)[]>> };

function find(expression: string): number | string | (number | string)[] {
  const value = values[expression];
  if (value === undefined) throw new Error(`reference.json has no ${expression}`);
  return value;
}

export function numberOf(expression: string): number {
  return Number(find(expression));
}

export function numbersOf(expression: string): number[] {
  return [find(expression)].flat().map(Number);
}

export function textsOf(expression: string): string[] {
  return [find(expression)].flat().map(String);
}

/** The largest relative difference (absolute where the expected value is below 1e-300) of two lists of one length. */
export function largestDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  return Math.max(...found.map((value, index) => relative(value, expected[index] ?? NaN)));
}

function relative(found: number, expected: number): number {
  return found === expected ? 0 : Math.abs(found - expected) / Math.max(Math.abs(expected), 1e-300);
}
