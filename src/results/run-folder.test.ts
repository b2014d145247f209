import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSpec } from '../spec/index.js';
import { currentLedger, refreshResults } from './refresh.js';
import { chooseRun, lockRun, openRun } from './run-folder.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hps-bench-runs-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const spec = loadSpec({ preset: 'smoke' });
const now = new Date('2026-01-02T03:04:05Z');

it('makes a run and goes on with it as long as it is unfinished', () => {
  const first = chooseRun({ root, spec, now });
  expect(first).toMatchObject({ resumed: false, run: { runId: 'dlrm-smoke-20260102-030405' } });
  expect(chooseRun({ root, spec, now })).toMatchObject({ resumed: true, run: { runId: first.run.runId } });
  expect(openRun(first.run.path).spec).toEqual(spec);
});

it('does not go on with a run of another spec, nor under a name already taken by one', () => {
  const first = chooseRun({ root, spec, now });
  const other = loadSpec({ preset: 'smoke', set: ['repeats=2'] });
  expect(chooseRun({ root, spec: other, now }).run.runId).toBe(`${first.run.runId}-2`);
  expect(() => chooseRun({ root, spec: other, now, runId: first.run.runId })).toThrow('was made from another spec');
});

it('refuses a run id that is no file name, and a folder that is no run', () => {
  expect(() => chooseRun({ root, spec, now, runId: '../up' })).toThrow('is not a run id');
  expect(() => openRun(root)).toThrow('cannot be read as a run');
});

it('refuses a run of another schema', () => {
  const { run } = chooseRun({ root, spec, now });
  const file = join(run.path, 'run.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('hps-bench/run/1', 'hps-bench/run/7'));
  expect(() => openRun(run.path)).toThrow('has schema "hps-bench/run/7", this release reads hps-bench/run/1');
});

it('lets one process measure a run at a time, and takes over from one that is gone', () => {
  const { run } = chooseRun({ root, spec, now });
  const unlock = lockRun(run);
  expect(() => lockRun(run)).toThrow(`process ${process.pid} is measuring this run`);
  unlock();
  writeFileSync(join(run.path, '.lock'), '999999999');
  lockRun(run)();
  expect(existsSync(join(run.path, '.lock'))).toBe(false);
});

it('reports a run in which nothing was measured as missing throughout', async () => {
  const { run } = chooseRun({ root, spec, now });
  const { ledger, model } = await refreshResults(run, 'the power went');
  expect(ledger).toEqual(currentLedger(run, 'the power went'));
  expect(model.ledger).toMatchObject({ expected: 4, measured: 0, missing: 4 });
  expect(readFileSync(join(run.path, 'report.md'), 'utf8')).toContain('the power went');
});
