import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/records/index.js';
import { loadSpec, plannedMeasurements } from '../../../src/spec/index.js';
import { Command, type CommandEnd } from '../commands/command.js';
import { Kubectl } from '../kubectl.js';
import { nodeVolume, type PodObject } from './pipeline.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'commands';
const SET = ['repeats=6', 'perfAnalyzer.windowMs=1000'];
/** A little more than a kubelet lets a log grow to by default (10Mi). */
const NOISE_BYTES = 11 * 2 ** 20;

const spec = loadSpec({ preset: 'cluster-cpu', set: [...SET, `cluster.namespace=${NAMESPACE}`] });
const results = mkdtempSync(join(kubectl.access.folder, 'results-'));

function hpsBench(...args: string[]): Command {
  return new Command([...args, '--namespace', NAMESPACE], { KUBECONFIG: kubectl.kubeconfig });
}

async function measuring(): Promise<PodObject | undefined> {
  const { items } = await kubectl.get<{ items: PodObject[] }>('pods', '-n', NAMESPACE, '-l', 'hps-bench/stage=measure');
  return items.find(({ metadata, status }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined);
}

async function logOf(pod: string): Promise<string> {
  return (await kubectl.run(['logs', pod, '-n', NAMESPACE])).stdout;
}

/** The measuring pod once its log holds so many measurements. @param not names of pods that were there before */
async function measured(frames: number, not: readonly string[]): Promise<string> {
  let name = '';
  const ready = async (): Promise<boolean> => {
    name = (await measuring())?.metadata.name ?? '';
    if (name === '' || not.includes(name)) return false;
    return (await logOf(name)).split('\n').filter((line) => line.startsWith('#hps-bench:end ')).length >= frames;
  };
  await expect.poll(ready, { timeout: 400_000, interval: 500 }).toBe(true);
  return name;
}

const inPod = (pod: string, script: string): Promise<string> =>
  kubectl.ok(['exec', pod, '-n', NAMESPACE, '--', 'sh', '-ec', script]);

describe('hps-bench run on a real node, with the real Triton and perf_analyzer', () => {
  let run: Command;
  let ended: CommandEnd;

  beforeAll(async () => {
    await kubectl.apply(nodeVolume(kubectl, NAMESPACE));
    const set = SET.flatMap((one) => ['--set', one]);
    run = hpsBench('run', '--preset', 'cluster-cpu', ...set, '--results', results, '--yes');
  });
  afterAll(() => {
    run.signal('SIGKILL');
  });

  it('goes on although a measuring pod is evicted, one is deleted and the log of the last one is rotated', async () => {
    // The kubelet itself evicts a pod of which an emptyDir grows beyond its limit.
    const evicted = await measured(1, []);
    await inPod(evicted, 'fallocate -l 4200M /tmp/fill');
    const reason = async (): Promise<string> =>
      (await kubectl.run(['get', 'pod', evicted, '-n', NAMESPACE, '-o', 'jsonpath={.status.reason}'])).stdout;
    await expect.poll(reason, { timeout: 120_000, interval: 1000 }).toBe('Evicted');

    const deleted = await measured(2, [evicted]);
    await kubectl.ok(['delete', 'pod', deleted, '-n', NAMESPACE, '--wait=false']);

    // More than the others' logs could have told.
    const rotated = await measured(8, [evicted, deleted]);
    const line = 'noise of somebody else in this log ........................................';
    await inPod(rotated, `yes '${line}' | head -c ${NOISE_BYTES} > /proc/1/fd/1`);
    // Only what was written since the rotation can be read any more.
    await expect
      .poll(async () => (await logOf(rotated)).length, { timeout: 120_000, interval: 1000 })
      .toBeLessThan(2 ** 20);
  });

  it('ends with a right ledger and a report on this machine: what the logs lost came from the volume', async () => {
    ended = await run.ended;
    const said = ended.stdout + ended.stderr;
    expect(ended.code, said).toBe(0);
    const folder = join(results, 'run-1');
    const planned = plannedMeasurements(spec).map(({ id }) => id);
    const records = readRecords(join(folder, 'records.ndjson'));
    const good = records.filter(({ status, role }) => status === 'measured' && role !== 'canary');
    expect([...new Set(good.map(({ id }) => id))].sort()).toEqual([...planned].sort());
    for (const { printed, server } of good)
      // perf_analyzer cuts to whole µs.
      expect(Math.abs((server?.compute_infer_us ?? NaN) - (printed?.compute_infer_us ?? NaN))).toBeLessThanOrEqual(1);
    const ledger = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8')) as Record<string, unknown>;
    expect(ledger).toMatchObject({ expected: planned.length, measured: planned.length, missing: 0 });
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    expect(said).toContain('reads the volume: pod read-results-run-1-');
    expect(said).toContain('Native TF (CPU)');
  });

  it('is shown by status, and removed by teardown with what is on the volume', async () => {
    const status = await hpsBench('status', '--json').ended;
    const view = JSON.parse(status.stdout) as { over: boolean; triton: number; results: string };
    expect(view, status.stderr).toMatchObject({ over: true, triton: 0, results: 'results-run-1' });
    const teardown = await hpsBench('teardown', '--all', '--volume', '--yes').ended;
    expect(teardown.code, teardown.stdout + teardown.stderr).toBe(0);
    const left = await kubectl.get<{ items: unknown[] }>(
      'jobs,deployments,pods,persistentvolumeclaims',
      '-n',
      NAMESPACE,
    );
    expect(left.items).toEqual([]);
  });
});
