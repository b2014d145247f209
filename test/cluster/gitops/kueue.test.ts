import { beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import type { Manifests } from '../rehearsal/manifests.js';
import { volumeFor } from '../rehearsal/rehearsal.js';
import { Application } from './application.js';
import { queueOf } from './kueue.js';
import { Repository } from './repository.js';
import { manifestsFor, playRun } from './run-of.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'queued';
const PATH = 'deploy/queued';
const AT_REST = { timeout: 120_000, interval: 1000 };

const app = new Application(kubectl, NAMESPACE);
let manifests: Manifests;

const column = async (kind: string, path: string): Promise<string[]> => {
  const list = await kubectl.ok(['get', kind, '-n', NAMESPACE, '-o', `jsonpath={range .items[*]}${path}{"\\n"}{end}`]);
  return list.split('\n').filter((line) => line !== '');
};

describe('the benchmark in a queue of the real Kueue with a quota of one GPU, from Git', () => {
  beforeAll(async () => {
    await kubectl.apply(a100Node('a100-queued', { gpus: 1 }), volumeFor(NAMESPACE));
    const repository = new Repository(kubectl.access.folder);
    const wanted = { namespace: NAMESPACE, runId: 'run-1', repository: repository.address, path: PATH };
    const made = manifestsFor(kubectl, { ...wanted, queue: 'benchmarks' });
    ({ manifests } = made);
    repository.commit(PATH, manifests.folder, 'asks for run-1');
    await kubectl.ok(['apply', '--server-side', '--force-conflicts', '-f', made.argocd]);
  });

  it('waits, suspended, as long as there is no such queue', async () => {
    await expect.poll(() => app.line(), AT_REST).toMatch(/^Synced /);
    const suspended = await column('jobs', '{.metadata.labels.kueue\\.x-k8s\\.io/queue-name} {.spec.suspend}');
    expect(suspended.filter((line) => line.startsWith('benchmarks'))).toEqual([
      ...['benchmarks true', 'benchmarks true', 'benchmarks true'],
    ]);
  });

  it('then runs to its results, never with more than the one GPU, and Argo CD takes nothing back', async () => {
    await kubectl.apply(...queueOf(NAMESPACE, 1));
    const played = playRun(kubectl, manifests);
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Progressing');
    const { code, mostGpus, ran } = await played;
    expect({ code, mostGpus }).toEqual({ code: 0, mostGpus: 1 });
    expect(
      ran.filter((label) => /^(create|build|serve|measure)/.test(label)).map((label) => label.split(' ')[0]),
    ).toEqual([...['create-models', 'build-engines', 'serve', 'measure']]);
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Healthy');
    expect(await app.complaints()).toEqual([]);
  });

  it('gives its quota back at the end', async () => {
    const usage = async () => {
      const { status } = await kubectl.get<{ status: { flavorsUsage?: { resources: object[] }[] } }>(
        'clusterqueue',
        NAMESPACE,
      );
      return status.flavorsUsage?.[0]?.resources;
    };
    const gpus = { name: 'nvidia.com/gpu', total: '0' };
    await expect.poll(usage, AT_REST).toContainEqual(expect.objectContaining(gpus));
  });
});
