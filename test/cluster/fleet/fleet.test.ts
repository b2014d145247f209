import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../../src/cluster/client/index.js';
import { collectRun, findRun } from '../../../src/cluster/collect/index.js';
import { readInventory } from '../../../src/cluster/inventory/index.js';
import { plannedMeasurements } from '../../../src/spec/index.js';
import { a100Node } from '../a100-node.js';
import { kubeconfigOf } from '../access.js';
import { frameOf, messageOf } from '../collect/evidence.js';
import { Kubectl } from '../kubectl.js';
import { ends } from '../play.js';
import type { ConductorProcess } from '../rehearsal/conductor-process.js';
import type { Part, PlayedPod } from '../rehearsal/director.js';
import { Rehearsal } from '../rehearsal/rehearsal.js';
import { gpuPieces } from './pieces.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'fleet';
const NODES = ['fleet-a', 'fleet-b', 'fleet-c'];
const WANTED = {
  preset: 'a100-page',
  set: [
    `fleet={nodes: [${NODES.join(', ')}], gpusPerNode: 2}`,
    ...[
      'cluster.storage.accessMode=ReadWriteMany',
      'repeats=2',
      'batches=[32, 64]',
      'variants=[native_tf, tf_with_hps]',
    ],
  ],
};
const EACH = 8;

const unitOf = ({ metadata: { labels = {} } }: PlayedPod): { node: string; index: string } => ({
  node: labels['hps-bench/unit'] ?? '',
  index: labels['batch.kubernetes.io/job-completion-index'] ?? '',
});

describe('a fleet of three nodes with two GPUs each', () => {
  let rehearsal: Rehearsal;
  let conductor: ConductorProcess;
  let client: Client;
  let results: string;
  /** Pods of fleet-b's number 0 that were seen. */
  const evicted: string[] = [];

  /** One pod fails on fleet-c, the first of fleet-b's number 0 runs until it is evicted, all others measure. */
  function measure(_n: number, pod: PlayedPod): Part {
    const { node, index } = unitOf(pod);
    if (node === 'fleet-c' && index === '1')
      return {
        annotations: ends({ exitCode: 4, message: '{"stage":"measure","reason":"the GPU fell off the bus"}' }),
        log: '',
      };
    if (node === 'fleet-b' && index === '0' && evicted.push(pod.metadata.name) === 1) return {};
    const { plan } = rehearsal.manifests;
    const pieces = gpuPieces(plan, { node, uuid: `GPU-${node}-${index}`, factor: () => 1 });
    return {
      annotations: ends({ exitCode: 0, message: messageOf(pieces), after: '1s' }),
      log: pieces.map(frameOf).join(''),
    };
  }

  beforeAll(async () => {
    await kubectl.apply(...NODES.map((name) => a100Node(name, { gpus: 2 })));
    rehearsal = await Rehearsal.begin(kubectl, NAMESPACE, WANTED, { measure });
    results = mkdtempSync(join(tmpdir(), 'hps-bench-fleet-'));
    client = Client.connect({ kubeconfig: kubeconfigOf(ownCluster(), 'admin'), namespace: NAMESPACE });
    conductor = rehearsal.conductor();
  });
  afterAll(async () => {
    await conductor.kill();
    await client.close();
    await rehearsal.end();
    rmSync(results, { recursive: true });
    await kubectl.ok(['delete', 'node', ...NODES]);
  });

  it('is found by the inventory, and the nodes whose GPUs are no whole ones are not', async () => {
    await kubectl.apply(a100Node('fleet-mig', { gpus: 7, product: 'NVIDIA-A100-SXM4-80GB-MIG-1g.10gb' }));
    const { inventory } = await readInventory(client);
    await kubectl.ok(['delete', 'node', 'fleet-mig']);
    expect(inventory.nodes.filter(({ name }) => NODES.includes(name)).map(({ name, gpus }) => [name, gpus])).toEqual(
      NODES.map((name) => [name, 2]),
    );
    expect(inventory.excluded).toContainEqual({ name: 'fleet-mig', reason: expect.stringContaining('MIG') as string });
  });

  it('measures on every GPU; a pod that is evicted goes back to the queue', async () => {
    await expect.poll(() => evicted.length, { timeout: 120_000 }).toBe(1);
    const [pod = ''] = evicted;
    await expect.poll(() => rehearsal.director.phaseOf(pod), { timeout: 60_000 }).toBe('Running');
    await kubectl.evict(NAMESPACE, pod);
    const { code, tail } = await conductor.ended;
    expect({ code, tail: code === 3 ? [] : tail }).toEqual({ code: 3, tail: [] });
    expect(evicted).toHaveLength(2);
    const status = await rehearsal.status();
    expect(status).toMatchObject({
      state: 'incomplete',
      failure: null,
      fleet: { pods: 6, succeeded: 5, failed: 1, requeued: 1 },
      measurements: { expected: 6 * EACH, measured: 5 * EACH, failed: EACH },
    });
    expect(status.notes).toEqual([expect.stringMatching(/^node fleet-c, Job measure-\w{8}-run-1: .*\(indexes 1\)/)]);
  });

  it('holds one GPU a pod at most, and none at the end', async () => {
    expect(rehearsal.director.mostGpus).toBeLessThanOrEqual(6);
    await expect.poll(() => rehearsal.director.heldGpus, { timeout: 60_000 }).toBe(0);
  });

  it('leaves a ledger that has every measurement of every GPU, and says why some are not there', async () => {
    const collected = await collectRun(client, await findRun(client), { results, volume: 'never' });
    expect(plannedMeasurements(rehearsal.manifests.plan.spec)).toHaveLength(EACH);
    expect(collected.expected).toBe(6 * EACH);
    expect(collected.counts).toMatchObject({ measured: 5 * EACH, invalid: 0 });
    expect(collected.problems).toEqual([
      expect.objectContaining({
        unit: 'fleet-c.1',
        count: EACH,
        why: expect.stringContaining('fell off the bus') as string,
      }),
    ]);
    expect(collected.contradictions).toEqual([]);
  });

  it('runs nothing again when it is applied again', async () => {
    expect(await kubectl.changedBy('-f', rehearsal.manifests.folder)).toEqual([]);
    const second = rehearsal.conductor();
    expect((await second.ended).code).toBe(3);
    expect(evicted).toHaveLength(2);
  });
});
