import { beforeAll, describe, expect, it } from 'vitest';
import { Kubectl } from '../kubectl.js';
import { synthesized } from '../rehearsal/manifests.js';
import { nodeVolume, PipelineRun } from './pipeline.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'pipeline';

async function applied(runId: string, ...more: string[]): Promise<{ run: PipelineRun; deployment: string }> {
  const set = [`cluster.runId=${runId}`, ...more];
  const { folder, plan } = synthesized(kubectl.access, NAMESPACE, { preset: 'cluster-cpu', set });
  const { code, stderr } = await kubectl.run(['apply', '-f', folder, '--validate=strict', '--warnings-as-errors']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { run: new PipelineRun(kubectl, plan), deployment: plan.stages.serve.deployment };
}

/** Every measurement is there, perf_analyzer and Triton's statistics agree on it, and the table shows it. */
async function expectComplete(run: PipelineRun, expected = 8): Promise<void> {
  const status = await run.over();
  expect(status.failure, await run.story()).toBeNull();
  const all = await run.records();
  const { state, measurements } = status;
  const bad = all
    .filter((one) => one.status !== 'measured')
    .map(({ id, attempt, reasons }) => ({ id, attempt, reasons }));
  expect({ state, ...measurements }, JSON.stringify(bad, null, 1)).toMatchObject({
    ...{ state: 'complete', expected, measured: expected },
  });
  // What was under way when Triton went, or was counted late, has another attempt.
  const records = all.filter((one) => one.status === 'measured');
  // The canary is measured besides, where there are repeats.
  const cells = records.filter(({ role }) => role !== 'canary');
  expect(new Set(cells.map(({ id }) => id)).size).toBe(expected);
  for (const { printed, server } of records) {
    const [told, counted] = [printed?.compute_infer_us ?? NaN, server?.compute_infer_us ?? NaN];
    // perf_analyzer cuts to whole µs.
    expect(Math.abs(counted - told)).toBeLessThanOrEqual(1);
  }
  const table = (await run.published())?.['table.md'] ?? '';
  for (const text of ['Native TF (CPU)', 'ONNX Runtime (CPU)', '| 32 |', '| 256 |']) expect(table).toContain(text);
}

async function expectNothingHeld(run: PipelineRun, deployment: string): Promise<void> {
  const { spec } = await kubectl.get<{ spec: { replicas: number } }>('deployment', deployment, '-n', NAMESPACE);
  expect(spec.replicas).toBe(0);
  await expect.poll(async () => (await run.pods('serve')).length, { timeout: 120_000 }).toBe(0);
}

describe('the manifests of preset cluster-cpu on a real node', () => {
  beforeAll(async () => {
    await kubectl.apply(nodeVolume(kubectl, NAMESPACE));
  });

  it('go from kubectl apply to a published table that agrees with Triton, and hold nothing in the end', async () => {
    const { run, deployment } = await applied('run-1');
    await expectComplete(run);
    await expectNothingHeld(run, deployment);
  });

  it('measure once more in a second run, on the artifacts of the first', async () => {
    const made = async (run: PipelineRun): Promise<string[]> =>
      (await run.pods('create-models')).map(({ metadata }) => metadata.uid);
    const { run, deployment } = await applied('run-2');
    const before = await made(run);
    await expectComplete(run);
    await expectNothingHeld(run, deployment);
    expect(await made(run)).toEqual(before);
  });

  it('end the same although conductor, Triton and measure.py were each killed in mid-run', async () => {
    const { run, deployment } = await applied('run-3', 'repeats=4');
    const killOnce = async (stage: string, ready: () => Promise<boolean>): Promise<void> => {
      await expect.poll(ready, { timeout: 400_000, interval: 500 }).toBe(true);
      const victim = await run.running(stage);
      await kubectl.ok(['delete', 'pod', victim?.metadata.name ?? '', '-n', NAMESPACE, '--wait=false']);
    };
    await killOnce('conductor', async () => (await run.running('conductor')) !== undefined);
    await killOnce('measure', async () => (await run.framesInLog()) >= 2);
    // The next pod frames again what the first one left on the volume, and goes on.
    await killOnce('serve', async () => (await run.framesInLog()) >= 5);
    await expectComplete(run, 16);
    await expectNothingHeld(run, deployment);
  });
});
