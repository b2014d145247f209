import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plannedMeasurements } from '../../../src/spec/index.js';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import type { ConductorProcess } from './conductor-process.js';
import { lastWords } from './conductor-process.js';
import { Rehearsal } from './rehearsal.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'rehearsal';
const NODE = 'a100-rehearsal';

describe('the whole pipeline of bench.yaml, with one GPU in the cluster', () => {
  let rehearsal: Rehearsal;
  let conductor: ConductorProcess;
  let second: ConductorProcess;

  beforeAll(async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }));
    rehearsal = await Rehearsal.begin(kubectl, NAMESPACE);
    conductor = rehearsal.conductor();
    second = rehearsal.conductor();
  });
  afterAll(async () => {
    await conductor.kill();
    await second.kill();
    await rehearsal.end();
    await kubectl.ok(['delete', 'node', NODE]);
  });

  it('changes nothing when it is applied again in mid-run', async () => {
    await expect.poll(() => rehearsal.director.tritonIsReady, { timeout: 120_000 }).toBe(true);
    expect(await kubectl.changedBy('-f', rehearsal.manifests.folder)).toEqual([]);
  });

  it('ends with every measurement of the spec in the published records, judged from real texts', async () => {
    const { code, tail } = await conductor.ended;
    expect({ code, tail: code === 0 ? [] : tail }).toEqual({ code: 0, tail: [] });
    const { plan } = rehearsal.manifests;
    const status = await rehearsal.status();
    expect(status).toMatchObject({ state: 'complete', failure: null, measurements: { measured: plan.measurements } });
    const map = await kubectl.get<{ data: Record<string, string>; binaryData?: Record<string, string> }>(
      ...['configmap', `results-${plan.runId}`, '-n', NAMESPACE],
    );
    const packed = map.binaryData?.['records.ndjson.gz'];
    const text =
      packed === undefined ? map.data['records.ndjson'] : gunzipSync(Buffer.from(packed, 'base64')).toString();
    const records = (text ?? '')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; status: string });
    expect(records.map(({ id }) => id).sort()).toEqual(
      plannedMeasurements(plan.spec)
        .map(({ id }) => id)
        .sort(),
    );
    expect(new Set(records.map(({ status: one }) => one))).toEqual(new Set(['measured']));
    // The compute infer of the real text for batch 32 of the first variant, in µs.
    expect(map.data['table.md']).toContain('| 32 |');
  });

  it('runs each stage once and in order, and never holds more than the one GPU', () => {
    const jobs = rehearsal.director.ran.filter((label) => !label.startsWith('conductor'));
    expect(jobs).toEqual(['create-models 1', 'build-engines 1', 'serve 2', 'measure 1']);
    expect(rehearsal.director.mostGpus).toBe(1);
  });

  it('ends with no GPU held and Triton at scale 0', async () => {
    const { deployment } = rehearsal.manifests.plan.stages.serve;
    const { spec } = await kubectl.get<{ spec: { replicas: number } }>('deployment', deployment, '-n', NAMESPACE);
    expect(spec.replicas).toBe(0);
    await expect.poll(() => rehearsal.director.heldGpus, { timeout: 60_000 }).toBe(0);
  });

  it('tells the story in Jobs, events and the termination message', async () => {
    for (const stage of ['create-models', 'build-engines', 'measure'] as const) {
      const job = rehearsal.manifests.plan.stages[stage]?.job ?? '';
      await kubectl.ok(['wait', '--for=condition=Complete', `job/${job}`, '-n', NAMESPACE, '--timeout=30s']);
    }
    const events = await kubectl.get<{ items: { reason: string; involvedObject: { name: string } }[] }>(
      ...['events', '-n', NAMESPACE, '--field-selector=source=hps-bench-conductor'],
    );
    expect(new Set(events.items.map(({ involvedObject }) => involvedObject.name))).toEqual(
      new Set([rehearsal.manifests.plan.conductorJob]),
    );
    expect(events.items.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['Released', 'Scaled', 'Finished']),
    );
    expect(lastWords(rehearsal.home)).toMatchObject({ ok: true, state: 'complete' });
  });

  it('lets a second conductor end the same way without doing anything twice', async () => {
    expect((await second.ended).code).toBe(0);
  });

  it('changes nothing when it is applied again afterwards, and runs nothing again', async () => {
    expect(await kubectl.changedBy('-f', rehearsal.manifests.folder)).toEqual([]);
    const third = rehearsal.conductor();
    expect((await third.ended).code).toBe(0);
    expect(rehearsal.director.heldGpus).toBe(0);
    expect(rehearsal.director.ran.filter((label) => label.startsWith('measure'))).toEqual(['measure 1']);
  });
});
