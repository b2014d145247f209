import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentsIn } from '../../../src/results/index.js';
import { plannedMeasurements } from '../../../src/spec/index.js';
import { Client, PODS } from '../../../src/cluster/client/index.js';
import { collectRun, findRun, type CollectRunOptions, type RunCollected } from '../../../src/cluster/collect/index.js';
import { Kubectl } from '../kubectl.js';
import { asContainerLog, ends } from '../play.js';
import { BadNetwork, type Fate } from './bad-network.js';
import { frameOf, messageOf } from './evidence.js';
import { Fleet } from './fleet.js';
import { ReaderDouble } from './reader-double.js';
import { claim, fileFor, leave, unitAt } from './volume.js';
import { ownCluster } from '../worker.js';

const NAMESPACE = 'faults';
const UNITS = 20;
const RETRY = { firstMs: 20, longestMs: 200, attempts: 6 };
const kubectl = new Kubectl(ownCluster());
const volume = mkdtempSync(join(tmpdir(), 'hps-bench-volume-'));
/** Units whose pods differ. */
const [MUTE, JUMPY, DEAD, GONE, HALF, LEAVING] = [1, 2, 3, 4, 5, 6];
const fleet = new Fleet(kubectl, {
  ...{ namespace: NAMESPACE, units: UNITS, volume },
  part: (n) => {
    // It ends without a word of what it left.
    if (n === MUTE) return { annotations: ends({ exitCode: 0 }) };
    if (n === JUMPY) return { form: jumpy };
    if (n === DEAD) return { node: 'dead-node' };
    return {};
  },
});
const CELLS = plannedMeasurements(fleet.spec).length;
const folders = [volume];
const closing: (() => Promise<unknown>)[] = [];
let reader: ReaderDouble | undefined;
let client: Client;

/** A log in the midst of which the node's clock was set back by a year. */
function jumpy(log: string): string {
  const lines = log.split('\n');
  const half = lines.length >> 1;
  const before = asContainerLog(`${lines.slice(0, half).join('\n')}\n`, new Date('2026-06-01T00:00:00Z'));
  return before + asContainerLog(lines.slice(half).join('\n'), new Date('2025-06-01T00:00:00Z'));
}

/** A results folder that goes with the test. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hps-bench-faults-'));
  folders.push(folder);
  return folder;
}

async function collected(options: CollectRunOptions = {}, by = client): Promise<RunCollected> {
  const results = options.results ?? newFolder();
  return collectRun(by, await findRun(by), { volume: 'never', retry: RETRY, ...options, results });
}

/** What is not measured, as `unit id: why`. */
const open = (run: RunCollected): string[] =>
  run.problems.map(({ unit, count, why, fix }) => `${unit} ${count}: ${why} | ${fix ?? ''}`);

const all = { expected: UNITS * CELLS, counts: { measured: UNITS * CELLS, invalid: 0, failed: 0, missing: 0 } };

beforeAll(async () => {
  client = Client.connect({ kubeconfig: fleet.kubeconfig, namespace: NAMESPACE });
  await fleet.make();
  await makeDeadNode();
  await claim(kubectl, NAMESPACE);
  leave(volume, fleet.units);
  await endByHand();
  await fleet.ended();
  reader = new ReaderDouble(kubectl, fleet.api, NAMESPACE);
});

afterAll(async () => {
  await reader?.stop();
  await client.close();
  for (const close of closing) await close();
  await fleet.end();
  await kubectl.ok(['delete', 'node', 'dead-node']);
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A node that no kubelet answers for: its log server is gone. */
async function makeDeadNode(): Promise<void> {
  await kubectl.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'dead-node' } });
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: 9 } },
  };
  await fleet.api.patch('/api/v1/nodes/dead-node/status', 'merge', { status });
}

/** The last word of a pod on that node, as its kubelet told it before it went. */
async function endByHand(): Promise<void> {
  const { pod, pieces } = unitAt(fleet, DEAD);
  const terminated = { exitCode: 0, reason: 'Completed', message: messageOf(pieces) };
  const status = { name: 'measure', image: 'i', imageID: '', ready: false, restartCount: 0, state: { terminated } };
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod}/status`;
  await fleet.api.patch(path, 'merge', { status: { phase: 'Succeeded', containerStatuses: [status] } });
}

async function remove(pod: string): Promise<void> {
  await client.delete(PODS, pod, { graceSeconds: 0 });
}

describe('a collection', () => {
  it('has everything where termination messages are lost, clocks jump and a log server is gone: that from the volume', async () => {
    const run = await collected({ volume: 'missing' });
    expect(open(run)).toEqual([]);
    expect(run).toMatchObject({ ...all, contradictions: [] });
    expect(reader?.ran).toHaveLength(1);
    // The pod that looked is not left behind.
    const left = await client.list(PODS, { labelSelector: 'hps-bench/stage=read-results' });
    expect(left.items.filter((pod) => pod.metadata.deletionTimestamp === undefined)).toEqual([]);
  });

  it('says of a log server that is gone what it answered and what helps, where the volume may not be asked', async () => {
    const run = await collected();
    expect(run.counts).toMatchObject({ measured: (UNITS - 1) * CELLS, missing: CELLS });
    expect(open(run)).toEqual([
      expect.stringMatching(
        /^gpu-00003 \d+: .*counted \d+ measurements.*log of measure-3-x: .*refused.*--volume always/,
      ),
    ]);
  });

  it('has everything where reads of logs fail, are cut, end short or are answered 429', async () => {
    const fates: Fate[] = ['throttled', 'failed', 'cut', 'short'];
    const fate = (n: number): Fate => (n % 3 === 1 ? (fates[((n / 3) % 4) | 0] ?? 'whole') : 'whole');
    const network = await BadNetwork.before(fleet.access, { fate });
    const through = Client.connect({ kubeconfig: network.kubeconfig, namespace: NAMESPACE });
    closing.push(
      () => through.close(),
      () => network.close(),
    );
    const run = await collected({ volume: 'missing' }, through);
    expect(open(run)).toEqual([]);
    expect(run).toMatchObject({ ...all, contradictions: [] });
    for (const kind of fates) expect(network.fates[kind], kind).toBeGreaterThan(0);
  });

  it('has everything when two collect into the same folder at once, and nothing is left to read then', async () => {
    const results = newFolder();
    const other = Client.connect({ kubeconfig: fleet.kubeconfig, namespace: NAMESPACE });
    closing.push(() => other.close());
    await Promise.all([collected({ results, volume: 'always' }), collected({ results, volume: 'always' }, other)]);
    const after = await collected({ results });
    expect(after).toMatchObject({ ...all, contradictions: [], tally: { bytes: expect.any(Number) as number } });
    expect(after.problems).toEqual([]);
  });

  it('keeps what a killed collector wrote, and collects a line that was damaged again', async () => {
    const results = newFolder();
    const first = await collected({ results, volume: 'missing' });
    const evidence = join(first.folder.path, 'evidence');
    const [segment = ''] = segmentsIn(evidence);
    const text = readFileSync(segment, 'utf8');
    const lines = text.split('\n');
    lines[3] = (lines[3] ?? '').replace('"text"', '"tixt"');
    writeFileSync(segment, lines.join('\n'));
    truncateSync(segment, text.length - 100);
    appendFileSync(segment, '{"kind":"evid');
    const again = await collected({ results, volume: 'missing' });
    expect(open(again)).toEqual([]);
    expect(again).toMatchObject(all);
  });

  it('has what pods left on the volume that are deleted before and while they are read, and says which file is half-written', async () => {
    await remove(unitAt(fleet, GONE).pod);
    await remove(unitAt(fleet, HALF).pod);
    const { unit, pieces } = unitAt(fleet, HALF);
    const broken = fileFor(volume, unit, pieces[2]?.key ?? '');
    truncateSync(broken, 200);
    // Deleted when its log is asked for.
    const leaving = unitAt(fleet, LEAVING).pod;
    const network = await BadNetwork.before(fleet.access, {
      beforeLog: async (pod) => {
        if (pod === leaving) await remove(pod);
      },
    });
    const through = Client.connect({ kubeconfig: network.kubeconfig, namespace: NAMESPACE });
    closing.push(
      () => through.close(),
      () => network.close(),
    );
    // Their Jobs are there: only whoever knows that the pods are gone for good asks the volume for them.
    const run = await collected({ volume: 'always' }, through);
    expect(run.counts).toEqual({ measured: UNITS * CELLS - 1, invalid: 0, failed: 0, missing: 1 });
    expect(open(run)).toEqual([expect.stringContaining(`${unit} 1: Job ${unitAt(fleet, HALF).job} has no pod`)]);
    expect(open(run)[0]).toContain('is not whole');
  });

  it('keeps everything of a pod that is deleted after its log was read', async () => {
    const results = newFolder();
    const before = await collected({ results });
    const { pod } = unitAt(fleet, 9);
    await remove(pod);
    const after = await collected({ results });
    expect(after.counts).toEqual(before.counts);
    expect(open(after).filter((line) => line.startsWith('gpu-00009'))).toEqual([]);
  });

  it('calls it a contradiction when log and volume have different evidence of one measurement, and uses neither', async () => {
    const { unit, pieces, file } = unitAt(fleet, 12);
    const [first, ...others] = pieces;
    const changed = { key: '', text: first?.text ?? '', evidence: { ...first?.evidence, environment: { cpus: 3 } } };
    writeFileSync(file, asContainerLog([changed, ...others].map(frameOf).join('')));
    const run = await collected({ volume: 'always' });
    expect(run.contradictions).toEqual([
      expect.stringContaining(`${unit}: ${first?.key ?? ''}: the volume has other evidence`),
    ]);
    expect(run.problems).toContainEqual(expect.objectContaining({ unit, status: 'invalid', count: 1 }));
  });
});
