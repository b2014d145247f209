import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRecords } from '../../src/records/index.js';
import type { LedgerDocument } from '../../src/results/index.js';
import { Kit } from './kit.js';
import { kitWith } from './kit-copy.js';

const kit = new Kit();
afterAll(() => {
  kit.remove();
});

function ledgerOf(runId: string): LedgerDocument {
  return JSON.parse(readFileSync(join(kit.runFolder(runId), 'ledger.json'), 'utf8')) as LedgerDocument;
}

it('starts a fresh Triton for every repeat, so that each has cold first replays, and measures the canary around them', async () => {
  const sets = ['repeats=2', 'batches=[32]', 'design.restartTriton=each_repeat', 'design.canary.measurements=1'];
  const args = ['local', '--preset', 'smoke', '--run-id', 'fresh-each', ...sets.flatMap((set) => ['--set', set])];
  const { output } = await kit.start(args).ended;
  expect(output).toContain('4 of 4 measurements measured');
  const records = readRecords(join(kit.runFolder('fresh-each'), 'records.ndjson'));
  const cells = records.filter(({ role, status }) => role === 'cell' && status === 'measured');
  const starts = [1, 2].map((repeat) => [
    ...new Set(cells.filter((one) => one.repeat === repeat).map(({ environment }) => environment?.server_start)),
  ]);
  expect(starts.map((ids) => ids.length)).toEqual([1, 1]);
  expect(starts[0]).not.toEqual(starts[1]);
  for (const { cold_us, cold_initialises, server } of cells) {
    expect(cold_us).toBeGreaterThan(0);
    expect(cold_initialises).toBe(true);
    expect(server?.compute_infer_us).toBeGreaterThan(0);
  }
  const inTime = [...records].sort((a, b) => (a.started_at < b.started_at ? -1 : 1)).map(({ role }) => role);
  expect([inTime[0], inTime.at(-1)]).toEqual(['canary', 'canary']);
});

it('calls a measurement unstable whose compute infer drifts, makes it again, and keeps why', () => {
  const copy = kitWith('drifting.py');
  try {
    const sets = ['batches=[32]', 'perfAnalyzer.windowMs=2000', 'variants=[native_tf, onnx_cpu]'];
    const main = join(copy.root, 'src', 'cli', 'main.ts');
    const args = ['local', '--preset', 'smoke', '--run-id', 'drifting', '--results', kit.results];
    const done = spawnSync(
      process.execPath,
      ['--import', 'tsx', main, ...args, ...sets.flatMap((set) => ['--set', set])],
      { cwd: copy.root, encoding: 'utf8', env: { ...process.env, CI: 'true' } },
    );
    expect(done.status, done.stdout + done.stderr).toBe(3);
    const entry = ledgerOf('drifting').entries.find(({ cell }) => cell.variant === 'onnx_cpu');
    expect(entry).toMatchObject({ status: 'invalid', attempts: 5 });
    expect(entry?.earlier).toHaveLength(4);
    expect(entry?.reasons[0]).toMatch(
      /^unstable: compute infer drifted by \d+(?:\.\d)? %.*allowed is 3\.0 %.*validity\.drift\)$/,
    );
  } finally {
    copy.remove();
  }
});
