import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bodyOf, sha256 } from './line.js';
import { readStore, segmentsIn } from './reader.js';
import { StoreWriter } from './writer.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const evidence = (n: number, text = `text ${n}\n`) => ({
  ...{ id: `native_tf-b32-c1-r${n}`, attempt: 1 },
  ...{ text_sha256: sha256(text), text },
});
const from = { pod: 'uid', channel: 'log' } as const;

function texts(): string[] {
  const found: string[] = [];
  // One by one: a body is valid until the next line is asked for.
  for (const line of readStore(folder))
    found.push('damaged' in line ? 'damaged' : (JSON.parse(line.body.toString()) as { text: string }).text);
  return found;
}

it('gives back what was appended, by several writers at once', () => {
  const [one, two] = [new StoreWriter(folder), new StoreWriter(folder)];
  one.evidence('a', from, evidence(1));
  two.evidence('b', from, evidence(2));
  one.flush();
  one.evidence('a', from, evidence(3));
  two.close();
  one.close();
  expect(segmentsIn(folder)).toHaveLength(2);
  expect(texts().sort()).toEqual(['text 1\n', 'text 2\n', 'text 3\n']);
  const heads = [...readStore(folder)].map((line) =>
    'damaged' in line ? '' : `${line.head.unit} ${line.head.key ?? ''}`,
  );
  expect(heads.sort()).toEqual(['a native_tf-b32-c1-r1.a1', 'a native_tf-b32-c1-r3.a1', 'b native_tf-b32-c1-r2.a1']);
});

it('passes over a line whose writer was killed wherever that was, and keeps all before it', () => {
  const writer = new StoreWriter(folder);
  for (let n = 1; n <= 3; n++) writer.evidence('a', from, evidence(n));
  writer.close();
  const [segment = ''] = segmentsIn(folder);
  const whole = readFileSync(segment);
  const ends = [...whole.keys()].filter((at) => whole[at] === 0x0a);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
      writeFileSync(segment, whole);
      truncateSync(segment, length);
      const lines = ends.filter((end) => end < length).length;
      expect(texts()).toEqual(['text 1\n', 'text 2\n', 'text 3\n'].slice(0, lines));
    }),
    { numRuns: 60 },
  );
});

it('gives a line that was changed, or of which the disk lost a part, as damaged', () => {
  const writer = new StoreWriter(folder);
  for (let n = 1; n <= 3; n++) writer.evidence('a', from, evidence(n));
  writer.close();
  const [segment = ''] = segmentsIn(folder);
  writeFileSync(segment, readFileSync(segment, 'utf8').replace('text 2', 'text 9'));
  appendFileSync(segment, `${'\0'.repeat(50)}\n`);
  expect(texts()).toEqual(['text 1\n', 'damaged', 'text 3\n', 'damaged']);
});

it('reads lines longer than what it reads at once', () => {
  const long = 'x'.repeat(3_000_000);
  const writer = new StoreWriter(folder);
  writer.evidence('a', from, evidence(1, long));
  writer.evidence('a', from, evidence(2, ''));
  writer.close();
  expect(texts()).toEqual([long, '']);
});

it('has one text for the same evidence with its own text at the end or among the others', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (others, text) => {
      const sorted = Object.entries({ ...others, text }).sort(([a], [b]) => (a < b ? -1 : 1));
      const apart = Object.fromEntries(sorted.filter(([key]) => key !== 'text'));
      expect(bodyOf(Object.fromEntries(sorted))).toBe(bodyOf({ ...apart, text }));
    }),
  );
});
