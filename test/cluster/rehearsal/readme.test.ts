import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/spec/index.js';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import { Rehearsal } from './rehearsal.js';

const kubectl = new Kubectl(inject('cluster'));
const NODE = 'a100-readme';

/** The commands of each console block of README.md, in order. */
const BLOCKS = [
  ...readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8').matchAll(/^```console\n([\s\S]*?)^```$/gm),
].map(([, block = '']) => block.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])));

/** Runs one as a person would, with the cluster of this test. */
function typed(command: string): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', command], {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      KUBECONFIG: kubectl.kubeconfig,
      PATH: `${kubectl.access.programs}${delimiter}${process.env['PATH'] ?? ''}`,
    },
  });
  return { code: status, said: `${stdout}${stderr}` };
}

describe("the README's way over a cluster", () => {
  let rehearsal: Rehearsal | undefined;
  beforeAll(async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }));
  });
  afterAll(async () => {
    await rehearsal?.end();
    await kubectl.ok(['delete', 'node', NODE]);
  });

  it('has a block to run, one to repeat and one to clean up', () => {
    expect(BLOCKS.map((commands) => commands.length)).toEqual([5, 3, 2]);
  });

  it('applies the committed manifests', () => {
    const { code, said } = typed(BLOCKS[0]?.[0] ?? '');
    expect(code, said).toBe(0);
    expect(said).toMatch(/job.batch\/measure-[0-9a-f]+-run-1 created/);
  });

  it('shows status and table of the finished run', async () => {
    // bench.yaml's own namespace: these are the objects that were just applied.
    rehearsal = await Rehearsal.begin(kubectl, 'hps-bench');
    const { code: ended, tail } = await rehearsal.conductor().ended;
    expect(ended, tail.join('\n')).toBe(0);
    const [, objects, events, status, table] = (BLOCKS[0] ?? []).map(typed);
    for (const answer of [objects, events, status, table]) expect(answer?.code, answer?.said).toBe(0);
    expect(objects?.said).toMatch(/job.batch\/measure-\S+ +Complete/);
    expect(events?.said).toContain('Finished');
    expect(JSON.parse(status?.said ?? '')).toMatchObject({ state: 'complete', measurements: { measured: 440 } });
    expect(table?.said).toContain('Speedup - FP16 TRT with HPS to Native TF');
  });

  it('adds a second run beside the first', () => {
    const answers = (BLOCKS[1] ?? []).map(typed);
    for (const { code, said } of answers) expect(code, said).toBe(0);
    expect(answers[1]?.said).toMatch(/job.batch\/create-models-\S+ unchanged/);
    expect(answers[2]?.said).toMatch(/measure-\S+-run-2/);
  });

  it('cleans up the second run alone, then everything', async () => {
    const [one, all] = BLOCKS[2] ?? [];
    const second = typed(one ?? '');
    expect(second.code, second.said).toBe(0);
    expect(second.said).not.toContain('run-1');
    expect((await kubectl.run(['get', 'configmap', 'results-run-1', '-n', 'hps-bench'])).code).toBe(0);
    const rest = typed(all ?? '');
    expect(rest.code, rest.said).toBe(0);
    expect((await kubectl.run(['get', 'namespace', 'hps-bench'])).code).not.toBe(0);
  });
});
