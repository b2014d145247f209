import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ResultsError } from '../records/index.js';
import { scanResults } from './scan.js';
import { testRecord, writeRun } from './testing.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hps-bench-history-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

it('reads every run, and the hardware of old records from their evidence', () => {
  writeRun(root, { run: 'a', cells: [['native_tf', 32, [10, 12]]], cpu: 'EPYC' });
  writeRun(root, { run: 'b', cells: [['native_tf', 32, [11]]], createdAt: '2026-01-03T00:00:00.000Z' });
  const { runs, passedOver } = scanResults(root);
  expect(passedOver).toEqual([]);
  expect(runs.map(({ run, hardware, records, createdAt }) => [run, hardware, records.length, createdAt])).toEqual([
    ['a', 'EPYC', 2, '2026-01-02T03:00:00.000Z'],
    ['b', 'a CPU', 1, '2026-01-03T00:00:00.000Z'],
  ]);
});

it('names what is torn or foreign and reads the rest', () => {
  const path = writeRun(root, { run: 'a', cells: [['native_tf', 32, [10]]] });
  const good = JSON.stringify(testRecord({ variant: 'native_tf', batch: 32, repeat: 1 }, 10));
  const old = good.replace('hps-bench/record/1', 'hps-bench/record/0');
  writeFileSync(join(path, 'records.ndjson'), `${good}\n${old}\n${old}\n${good.slice(0, 50)}`);
  writeFileSync(join(path, 'ledger.json'), '{"schema":');
  mkdirSync(join(root, 'empty'));
  writeFileSync(join(root, 'notes.txt'), 'mine');
  symlinkSync('/nowhere', join(root, 'dangling'));
  mkdirSync(join(root, 'foreign'));
  writeFileSync(join(root, 'foreign', 'run.json'), '{"schema":"other/1"}');
  const { runs, passedOver } = scanResults(root);
  expect(runs.map(({ run, records }) => [run, records.length])).toEqual([
    ['a', 1],
    ['foreign', 0],
  ]);
  const expected = [
    `${path}/records.ndjson:2: is no record of this release: schema: .*, and 1 more line`,
    `${path}/records.ndjson:4: is torn or no JSON`,
    `${path}/ledger.json: is torn or no JSON: .*`,
    `${root}/dangling: is no folder of a run`,
    `${root}/empty: holds neither run.json nor records.ndjson`,
    `${root}/foreign: has no records.ndjson yet .*`,
    `${root}/foreign/run.json: schema: .*`,
    `${root}/notes.txt: is no folder of a run`,
  ];
  expect(passedOver).toHaveLength(expected.length);
  for (const pattern of expected) expect(passedOver).toContainEqual(expect.stringMatching(new RegExp(`^${pattern}$`)));
});

it('takes records without a run.json, as they come from a cluster by hand', () => {
  mkdirSync(join(root, 'by-hand'));
  const record = testRecord({ variant: 'native_tf', batch: 32, repeat: 1 }, 10, { spec_hash: 'fed' });
  writeFileSync(join(root, 'by-hand', 'records.ndjson'), `${JSON.stringify(record)}\n`);
  expect(scanResults(root).runs).toMatchObject([
    { run: 'by-hand', specHash: 'fed', createdAt: record.started_at, facts: undefined, hardware: null },
  ]);
});

it('refuses a folder that is not there', () => {
  expect(() => scanResults(join(root, 'nowhere'))).toThrow(ResultsError);
});
