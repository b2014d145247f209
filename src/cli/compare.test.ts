import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recordsFor, steady, type RecordOptions } from '../../test/fixtures/compare/records.js';
import { loadSpec } from '../spec/index.js';
import { addCompareCommand } from './compare.js';

let root: string;
let out: string;
let err: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hps-bench-compare-'));
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(console, 'error').mockImplementation((text: string) => {
    err += text;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(root, { recursive: true });
});

/** Runs the command line and returns its exit code. */
async function compare(...args: string[]): Promise<number> {
  const program = new Command();
  addCompareCommand(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: (text) => (err += text) });
  process.exitCode = 0;
  await program.parseAsync(['node', 'hps-bench', 'compare', ...args]);
  return process.exitCode;
}

function run(name: string, factor: number, { cpu = 'AMD EPYC', gpu = '', repeats = 10, minutes = 0 } = {}): string {
  const spec = loadSpec({ preset: 'smoke', set: [`repeats=${repeats}`] });
  const microseconds: RecordOptions['microseconds'] = ({ batch, repeat }) => batch * steady(repeat) * factor;
  const environment = { cpu_model: cpu, gpu_product: gpu || null, triton_version: '2.51.0' };
  const path = join(root, `${name}.ndjson`);
  const records = recordsFor(spec, { runId: name, microseconds, environment, minutes });
  writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return path;
}

it('ends with 0 for the same, 1 for a regression and 5 where more repeats are needed', async () => {
  const before = run('before', 1);
  expect(await compare(run('after', 1.01), before)).toBe(0);
  expect(await compare(run('slow', 1.5), before)).toBe(1);
  expect(await compare(run('few', 1, { repeats: 1 }), run('few2', 1, { repeats: 1 }))).toBe(5);
});

it('leaves to a machine without a GPU what all variants moved by, unless that is taken for steady', async () => {
  const [before, slow] = [run('before', 1), run('slow', 1.1)];
  expect(await compare(slow, before, '--json')).toBe(5);
  expect(JSON.parse(out)).toMatchObject({
    runMove: 0.2,
    leastMoved: { ratio: expect.closeTo(1.1, 3) as number },
    notes: [
      expect.stringMatching(/^all cells are slower, by 10\.0 %: .* left to the machine, up to 20 % \(--run-move\)/),
    ],
  });
  out = '';
  expect(await compare(slow, before)).toBe(5);
  expect(out).toContain('has to differ from the variant that moved least, too');
  expect(await compare(slow, before, '--run-move', '0')).toBe(1);
  expect(await compare(slow, before, '--run-move', '5')).toBe(1);
  await expect(compare(slow, before, '--run-move', '-1')).rejects.toThrow(/above 0 and below 100/);
  await expect(compare(slow, before, '--run-move', '5', '--relative-to', 'native_tf')).rejects.toThrow(/leave it out/);
  await expect(compare(slow, '--published', '--run-move', '5')).rejects.toThrow(/leave it out/);
  out = '';
  const onGpu = { gpu: 'NVIDIA H100 80GB HBM3' };
  expect(await compare(run('gpu slow', 1.1, onGpu), run('gpu', 1, onGpu), '--json')).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ runMove: 0, leastMoved: null });
});

it('ends with 4 for other hardware, says how to go on, and goes on so', async () => {
  const [here, there] = [run('here', 1), run('there', 1, { cpu: 'Xeon' })];
  expect(await compare(here, there, '--json')).toBe(4);
  expect(err).toContain('--allow-different hardware');
  expect(JSON.parse(out)).toMatchObject({
    verdict: 'environment invalid',
    exitCode: 4,
    differences: [{ kind: 'hardware' }],
  });
  expect(await compare(here, there, '--allow-different', 'hardware')).toBe(0);
});

it('takes the margin in percent', async () => {
  const [before, after] = [run('before', 1), run('after', 1.2)];
  expect(await compare(after, before, '--margin', '30')).toBe(0);
  await expect(compare(after, before, '--margin', '0')).rejects.toThrow(/above 0 and below 100/);
  await expect(compare(after, before, '--alpha', 'five')).rejects.toThrow(/above 0 and below 1/);
  await expect(compare(after, before, '--allow-different', 'weather')).rejects.toThrow(/hardware, spec, image/);
});

it('judges relative to a variant, where another run has it too', async () => {
  const before = run('before', 1);
  await expect(compare(before, before, '--relative-to', 'tf_with_hps')).rejects.toThrow(
    /nothing relative to tf_with_hps: it holds native_tf, onnx_cpu/,
  );
  await expect(compare(before, '--published', '--relative-to', 'native_tf')).rejects.toThrow(/needs a second run/);
  expect(await compare(run('slow', 1.2), before, '--relative-to', 'native_tf', '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ relativeTo: 'native_tf', verdict: 'same', cells: [{}, {}] });
});

it('wants exactly one thing to compare with', async () => {
  const before = run('before', 1);
  await expect(compare(before)).rejects.toThrow(
    /needs something to compare with: a second run, --against with several, or --published/,
  );
  await expect(compare(before, '--published', '--against', before)).rejects.toThrow(/not both/);
  await expect(compare(before, run('two', 1), run('three', 1))).rejects.toThrow(
    /was given 3 runs .*two are A and B; of several a side, name those of B after --against/,
  );
});

it('takes several runs a side, and says how many each has', async () => {
  const side = (name: string, factor: number) =>
    [1, 1.01, 0.99].map((apart, index) => run(`${name}-${index}`, factor * apart, { minutes: index * 10 }));
  const before = side('before', 1);
  expect(await compare(...side('same', 1.005), '--against', ...before, '--json')).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    verdict: 'same',
    counted: 'runs',
    cells: [{ n: { a: 3, b: 3 } }, {}, {}, {}],
  });
  expect(await compare(...side('slow', 1.2), '--against', ...before)).toBe(1);
  await expect(compare(run('one', 1), '--against', ...before)).rejects.toThrow(
    /A is one run, B 3 runs: .* three or more/,
  );
});

it('writes Markdown beside the table, or instead of it', async () => {
  const before = run('before', 1);
  const file = join(root, 'comment.md');
  await compare(before, before, '--markdown', file);
  expect(readFileSync(file, 'utf8')).toMatch(/^\*\*hps-bench compare: same\*\*/);
  out = '';
  await compare(before, before, '--markdown', '-');
  expect(out).toMatch(/^\*\*hps-bench compare: same\*\*/);
  expect(existsSync('-')).toBe(false);
});
