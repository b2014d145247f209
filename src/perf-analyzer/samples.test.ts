import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPerfAnalyzer, readingToJson } from './index.js';

const fixtures = new URL('../../test/fixtures/perf-analyzer/', import.meta.url);

/** What an expectation says about its origin; the reader cannot know it. */
const META = ['case', 'origin', 'tool_version', 'truncated', 'note'];

function casesOf(folder: URL): [name: string, text: URL, expectation: URL][] {
  const names = readdirSync(folder);
  return names
    .filter((name) => name.endsWith('.expect.json'))
    .map((name) => {
      const base = name.replace(/expect\.json$/, '');
      const text = names.find((other) => other.startsWith(base) && other !== name);
      if (text === undefined) throw new Error(`${name} has no text`);
      return [text, new URL(text, folder), new URL(name, folder)];
    });
}

function expectAsWritten(text: URL, expectation: URL): void {
  const expected = JSON.parse(readFileSync(expectation, 'utf8')) as Record<string, unknown>;
  for (const key of META) Reflect.deleteProperty(expected, key);
  expect(JSON.parse(readingToJson(readPerfAnalyzer(readFileSync(text))))).toEqual(expected);
}

describe('texts of four releases', () => {
  it.each(casesOf(fixtures))('reads %s as expected', (_, text, expectation) => {
    expectAsWritten(text, expectation);
  });
});

describe('texts of the real binaries in every mode and failure', () => {
  it.each(casesOf(new URL('provoked/', fixtures)))('reads %s as expected', (_, text, expectation) => {
    expectAsWritten(text, expectation);
  });
});

describe('texts as people keep them: old, cut, spliced, interleaved, marked up', () => {
  it.each(casesOf(new URL('pasted/', fixtures)))('reads %s as expected', (_, text, expectation) => {
    expectAsWritten(text, expectation);
  });
});
