import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, ClusterError, JOBS, PODS } from '../../../src/cluster/client/index.js';
import { collectRun, findRun } from '../../../src/cluster/collect/index.js';
import { Processes } from '../../../src/local/processes.js';
import { plannedMeasurements } from '../../../src/spec/index.js';
import { clusterPrograms } from '../binaries.js';
import { ControlPlane } from '../control-plane.js';
import { Kubectl } from '../kubectl.js';
import { startKwok } from '../kwok.js';
import { annotate, ends } from '../play.js';
import { pythonPath } from '../python.js';
import { messageOf } from './evidence.js';
import { Fleet } from './fleet.js';

const NAMESPACE = 'outage';
const UNITS = 12;
const results = mkdtempSync(join(tmpdir(), 'hps-bench-outage-'));
const processes = new Processes(pythonPath());
let plane: ControlPlane;
let kubectl: Kubectl;
let fleet: Fleet;
let client: Client;

/** A control plane of its own, because it is stopped. The pods of the second half run until they are told to end. */
beforeAll(async () => {
  plane = await ControlPlane.start(processes, await clusterPrograms(processes, () => undefined));
  await startKwok(plane);
  kubectl = new Kubectl(plane.access);
  fleet = new Fleet(kubectl, {
    ...{ namespace: NAMESPACE, units: UNITS },
    part: (n) => (n < UNITS / 2 ? {} : { annotations: {} }),
  });
  await fleet.make();
  await fleet.ended(UNITS / 2);
  client = Client.connect({ kubeconfig: fleet.kubeconfig, namespace: NAMESPACE, timeoutSeconds: 10 });
});

afterAll(async () => {
  await client.close();
  await plane.stop();
  rmSync(results, { recursive: true });
});

describe('a collection that waits', () => {
  it('goes on when the API server was stopped and etcd forgot what it had seen, and ends when everything has', async () => {
    const retry = { firstMs: 200, longestMs: 2000, attempts: 60 };
    const collecting = collectRun(client, await findRun(client), { results, wait: true, volume: 'never', retry });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await plane.programs.stop('kube-apiserver');
    await plane.compact();
    await plane.startApiServer();
    for (const { pod, pieces } of fleet.units.slice(UNITS / 2))
      await annotate(kubectl, NAMESPACE, pod, ends({ exitCode: 0, message: messageOf(pieces) }));
    const { counts, expected, problems, contradictions } = await collecting;
    expect(problems).toEqual([]);
    expect(contradictions).toEqual([]);
    expect(counts.measured).toBe(UNITS * plannedMeasurements(fleet.spec).length);
    expect(expected).toBe(counts.measured);
  });
});

describe('a watch', () => {
  it('is refused as gone where etcd has forgotten its version', async () => {
    const watch = async (): Promise<void> => {
      for await (const event of client.watch(PODS, { resourceVersion: '1', seconds: 20 }))
        expect(event.type).toBe('nothing');
    };
    const error: unknown = await watch().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ClusterError);
    expect(error).toMatchObject({ kind: 'gone', status: 410 });
  });
});

describe('a list', () => {
  it('is whole, in pages, whatever was forgotten between two of them', async () => {
    const seen: string[] = [];
    let gone = false;
    try {
      for await (const page of client.pages(JOBS, { limit: 5 })) {
        seen.push(...page.items.map((job) => job.metadata.name));
        await kubectl.ok(['annotate', 'job', 'measure-0', `a=${seen.length}`, '--overwrite', '-n', NAMESPACE]);
        await plane.compact();
      }
    } catch (error) {
      gone = error instanceof ClusterError && error.kind === 'gone';
      if (!gone) throw error;
    }
    // API servers before 1.35 answer 410, newer ones have kept the list.
    expect(gone || new Set(seen).size === UNITS).toBe(true);
  });
});
