import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import { annotate, ends } from '../play.js';
import type { ConductorProcess } from './conductor-process.js';
import { synthesized, type Wanted } from './manifests.js';
import type { Parts } from './director.js';
import { goodParts, Rehearsal } from './rehearsal.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NODE = 'a100-loss';
const SMALL: Wanted = { set: ['repeats=1', 'batches=[32,1024]'] };

beforeAll(async () => {
  await kubectl.apply(a100Node(NODE, { gpus: 1 }));
});
afterAll(async () => {
  await kubectl.ok(['delete', 'node', NODE]);
});

/** Name of the newest pod of a stage that is not on its way out. */
function podOf(rehearsal: Rehearsal, stage: string): string {
  const there = rehearsal.director.pods.filter(
    ({ metadata }) => metadata.labels?.['hps-bench/stage'] === stage && metadata.deletionTimestamp === undefined,
  );
  return there.at(-1)?.metadata.name ?? '';
}

describe.each<[string, (rehearsal: Rehearsal, namespace: string) => Promise<unknown>]>([
  [
    'ends because Triton went away',
    // Exit code 4 is what measure.py says then.
    (rehearsal, namespace) =>
      annotate(kubectl, namespace, podOf(rehearsal, 'measure'), ends({ exitCode: 4, message: '{"ok":false}' })),
  ],
  [
    'is deleted',
    (rehearsal, namespace) =>
      kubectl.ok(['delete', 'pod', podOf(rehearsal, 'measure'), '-n', namespace, '--wait=false']),
  ],
])('a run whose serving pod is deleted in mid-run, and whose measuring pod %s', (how, endMeasuring) => {
  const namespace = `loss-${how.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}`;
  let rehearsal: Rehearsal;
  let conductor: ConductorProcess;

  beforeAll(async () => {
    const { measure } = goodParts(synthesized(kubectl.access, namespace, SMALL).plan);
    // The first one runs until it is ended.
    const parts: Parts = { measure: (n, pod) => (n === 1 ? { log: 'begins\n' } : (measure?.(n, pod) ?? {})) };
    rehearsal = await Rehearsal.begin(kubectl, namespace, SMALL, parts);
  });
  afterAll(async () => {
    await conductor.kill();
    await rehearsal.end();
  });

  it('goes on with their successors to a whole table', async () => {
    conductor = rehearsal.conductor();
    await expect.poll(() => rehearsal.director.ran.includes('measure 1'), { timeout: 120_000 }).toBe(true);
    await kubectl.ok(['delete', 'pod', podOf(rehearsal, 'serve'), '-n', namespace, '--wait=false']);
    await endMeasuring(rehearsal, namespace);
    const { code, tail } = await conductor.ended;
    expect({ code, tail: code === 0 ? [] : tail }).toEqual({ code: 0, tail: [] });
    const ran = rehearsal.director.ran.map((label) => label.replace(/ .*/, ''));
    expect(ran.filter((stage) => stage === 'serve' || stage === 'measure')).toEqual([
      ...['serve', 'measure'],
      ...['serve', 'measure'],
    ]);
    expect(rehearsal.director.mostGpus).toBe(1);
    await expect.poll(() => rehearsal.director.heldGpus, { timeout: 60_000 }).toBe(0);
  });
});

describe('a run whose conductor has its Job deleted while engines are built', () => {
  const namespace = 'loss-of-the-conductor';
  let rehearsal: Rehearsal;
  let conductor: ConductorProcess;

  beforeAll(async () => {
    rehearsal = await Rehearsal.begin(kubectl, namespace, {}, { 'build-engines': () => ({ log: 'works\n' }) });
  });
  afterAll(async () => {
    await conductor.kill();
    await rehearsal.end();
  });

  it('ends with it: the pod that holds the GPU is given a deadline, and the reason is published', async () => {
    conductor = rehearsal.conductor();
    await expect.poll(() => rehearsal.director.ran.includes('build-engines 1'), { timeout: 120_000 }).toBe(true);
    await kubectl.ok(['delete', 'job', rehearsal.manifests.plan.conductorJob, '-n', namespace]);
    await conductor.stop();
    const name = podOf(rehearsal, 'build-engines');
    const pod = await kubectl.get<{ spec: { activeDeadlineSeconds: number } }>('pod', name, '-n', namespace);
    expect(pod.spec.activeDeadlineSeconds).toBe(1);
    expect((await rehearsal.published())['reason']).toContain('was ended from outside');
    expect((await rehearsal.status()).finishedAt).not.toBeNull();
  });
});
