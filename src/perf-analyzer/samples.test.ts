import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPerfAnalyzer, readingToJson } from './index.js';

const folder = new URL('../../test/fixtures/perf-analyzer/', import.meta.url);
const cases = readdirSync(folder).filter((name) => name.endsWith('.expect.json'));

/** What an expectation says about its origin; the reader cannot know it. */
const META = ['case', 'origin', 'tool_version', 'truncated', 'note'];

describe('texts of four releases', () => {
  it.each(cases)('reads %s as expected', (name) => {
    const expected = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Record<string, unknown>;
    for (const key of META) Reflect.deleteProperty(expected, key);
    const bytes = readFileSync(new URL(name.replace('.expect.json', '.txt'), folder));
    const document = JSON.parse(readingToJson(readPerfAnalyzer(bytes))) as unknown;
    expect(document).toEqual(expected);
  });
});
