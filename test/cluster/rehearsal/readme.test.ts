import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/spec/index.js';
import { a100Node } from '../a100-node.js';
import { BENCH_YAML, CommandStage } from '../commands/stage.js';
import { Kubectl } from '../kubectl.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NODE = 'a100-readme';

/** The commands of each console block of README.md, in order. */
const BLOCKS = [
  ...readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8').matchAll(/^```console\n([\s\S]*?)^```$/gm),
].map(([, block = '']) => block.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])));

/** This checkout with results of its own: a folder of links to everything but `results/`. */
function checkout(): string {
  const folder = mkdtempSync(join(kubectl.access.folder, 'checkout-'));
  for (const name of readdirSync(PACKAGE_ROOT))
    if (name !== 'results') symlinkSync(join(PACKAGE_ROOT, name), join(folder, name));
  mkdirSync(join(folder, 'results'));
  return folder;
}

/** Runs one as a person would at a terminal, with the cluster of this test. @param answer typed in at its question */
function typed(cwd: string, command: string, answer = ''): Promise<{ code: number | null; said: string }> {
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: {
      ...process.env,
      // No mark of automation: a person has none.
      CI: undefined,
      KUBECONFIG: kubectl.kubeconfig,
      PATH: `${kubectl.access.programs}${delimiter}${process.env['PATH'] ?? ''}`,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  let answered = answer === '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (answered || !said.includes('[y/N] ')) return;
    answered = true;
    child.stdin.write(`${answer}\n`);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, said: said.replaceAll('\r', '') });
    });
  });
}

describe("the README's way over a cluster", () => {
  let stage: CommandStage;
  let here: string;
  beforeAll(async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }));
    // bench.yaml's own namespace.
    stage = await CommandStage.set(kubectl, 'hps-bench', BENCH_YAML);
    stage.conduct();
    here = checkout();
  });
  afterAll(async () => {
    await stage.strike();
    await kubectl.ok(['delete', 'node', NODE]);
  });

  it('has a block to run, one to look and clean up, one with kubectl and one for the end of all', () => {
    expect(BLOCKS.map((commands) => commands.length)).toEqual([1, 5, 3, 3]);
  });

  it('runs from nothing to the report with one command and one yes', async () => {
    const { code, said } = await typed(here, BLOCKS[0]?.[0] ?? '', 'y');
    expect(code, said).toBe(0);
    expect(said).toContain('440 measurements expected: 440 measured, 0 invalid, 0 failed, 0 missing.');
    expect(said).toMatch(/report: results\/run-1\/report\.html/);
    expect(readFileSync(join(here, 'results', 'run-1', 'report.html'), 'utf8')).toContain('Native TF');
  });

  it('looks at the run, at all runs and into their figures, and removes it', async () => {
    const answers = [];
    for (const command of BLOCKS[1] ?? []) answers.push(await typed(here, command, 'y'));
    for (const { code, said } of answers) expect(code, said).toBe(0);
    const [status, collect, history, query, teardown] = answers.map(({ said }) => said);
    expect(status).toMatch(/measurements +440 of 440/);
    expect(collect).toContain('440 measurements expected: 440 measured');
    expect(history).toMatch(/run-1 .* 440\/440/);
    expect(query).toContain('(44 rows)');
    expect(teardown).toContain('kept: volume claim hps-bench');
    expect((await kubectl.run(['get', 'configmap', 'results-run-1', '-n', 'hps-bench'])).code).not.toBe(0);
  });

  it('does the same with kubectl alone', async () => {
    const [apply = '', events = '', table = ''] = BLOCKS[2] ?? [];
    const applied = await typed(here, apply);
    expect(applied.code, applied.said).toBe(0);
    expect(applied.said).toMatch(/job.batch\/measure-[0-9a-f]+-run-1 created/);
    const published = async (): Promise<string> => (await typed(here, table)).said;
    await expect.poll(published, { timeout: 250_000, interval: 3000 }).toContain('440 of 440 measurements');
    expect(await published()).toContain('Speedup - FP16 TRT with HPS to Native TF');
    expect((await typed(here, events)).said).toContain('Finished');
  });

  it('adds a second run beside the first, and cleans everything up', async () => {
    const [synth = '', apply = '', all = ''] = BLOCKS[3] ?? [];
    expect((await typed(here, synth)).code).toBe(0);
    const second = await typed(here, apply);
    expect(second.code, second.said).toBe(0);
    expect(second.said).toMatch(/job.batch\/create-models-\S+ unchanged/);
    expect(second.said).toMatch(/job.batch\/measure-\S+-run-2 created/);
    // Nothing more is to be played in a namespace that goes.
    await stage.director.stop();
    const rest = await typed(here, all);
    expect(rest.code, rest.said).toBe(0);
    expect((await kubectl.run(['get', 'namespace', 'hps-bench'])).code).not.toBe(0);
  });
});
