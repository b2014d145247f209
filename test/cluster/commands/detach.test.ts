import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import { ends } from '../play.js';
import { measureLog } from '../rehearsal/measure-log.js';
import { CommandStage, shortRun } from './stage.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NODE = 'a100-commands-detach';

beforeAll(async () => {
  await kubectl.apply(a100Node(NODE, { gpus: 1 }));
});
afterAll(async () => {
  await kubectl.ok(['delete', 'node', NODE]);
});

describe('a run that is left with Ctrl-C', () => {
  const NAMESPACE = 'commands-detach';
  let stage: CommandStage;
  beforeAll(async () => {
    // Models take until somebody says that they are made.
    stage = await CommandStage.set(kubectl, NAMESPACE, shortRun(), { 'create-models': () => ({}) });
    stage.conduct();
  });
  afterAll(async () => {
    await stage.strike();
  });

  it('goes on in the cluster; how to come back is said; the same command attaches and sees it to its end', async () => {
    const first = stage.run('--yes');
    await expect.poll(() => first.said, { timeout: 120_000 }).toMatch(/^run-1: create-models/m);
    first.signal('SIGINT');
    const { code, stdout } = await first.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('detached: run run-1 goes on in the cluster');
    expect(stdout).toContain(`hps-bench teardown run-1 --namespace ${NAMESPACE}`);

    const second = stage.run();
    await expect.poll(() => second.said, { timeout: 120_000 }).toMatch(/attaches to the run[^]*^run-1: create-models/m);
    const pod = stage.director.pods.find(({ metadata }) => metadata.labels?.['hps-bench/stage'] === 'create-models');
    const patch = JSON.stringify({
      metadata: { annotations: ends({ exitCode: 0, message: '{"ok":true,"reason":"made"}' }) },
    });
    await kubectl.ok(['patch', 'pod', pod?.metadata.name ?? '', '-n', NAMESPACE, '--type=merge', '-p', patch]);
    const ended = await second.ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^report: .*report\.html$/m);
  });
});

describe('a run that is torn down in mid-run', () => {
  const NAMESPACE = 'commands-teardown';
  let stage: CommandStage;
  beforeAll(async () => {
    // Measuring goes on for ever, with half of its log.
    stage = await CommandStage.set(kubectl, NAMESPACE, shortRun(), {
      measure: () => ({ log: halfOf(measureLog(stage.plan).log) }),
      'read-results': () => ({ annotations: ends({ exitCode: 1 }), log: 'no volume here\n' }),
    });
    stage.conduct();
  });
  afterAll(async () => {
    await stage.strike();
  });

  it('has its GPU freed first, is gone, and whoever follows it is told, with what was measured on this machine', async () => {
    const run = stage.run('--yes');
    await expect.poll(() => run.said, { timeout: 180_000 }).toMatch(/^run-1: measure/m);
    await expect.poll(() => stage.director.heldGpus, { timeout: 60_000 }).toBe(1);
    const { code, stdout, stderr } = await stage.command(['teardown', 'run-1', '--namespace', NAMESPACE, '--yes'])
      .ended;
    expect(code, stdout + stderr).toBe(0);
    expect(stdout.indexOf('End the conductor')).toBeLessThan(stdout.indexOf('Release the GPU'));
    expect(stage.director.heldGpus).toBe(0);
    const { spec } = await kubectl.get<{ spec: { replicas: number } }>(
      'deployment',
      stage.plan.stages.serve.deployment,
      '-n',
      NAMESPACE,
    );
    expect(spec.replicas).toBe(0);
    const left = await kubectl.get<{ items: unknown[] }>(
      'jobs,configmaps,leases,roles',
      '-n',
      NAMESPACE,
      '-l',
      'hps-bench/run=run-1',
    );
    expect(left.items).toEqual([]);
    expect((await kubectl.run(['get', 'persistentvolumeclaim', 'hps-bench', '-n', NAMESPACE])).code).toBe(0);

    const followed = await run.ended;
    expect(followed.code, followed.stdout + followed.stderr).toBe(4);
    expect(followed.stdout).toMatch(/nobody conducts it any more|is gone from the cluster|failed/);
    const again = await stage.command(['teardown', 'run-1', '--namespace', NAMESPACE, '--yes']).ended;
    expect({ code: again.code, said: again.stdout }).toMatchObject({
      code: 0,
      said: expect.stringContaining('nothing of run run-1') as string,
    });
  });
});

/** The frames of the first half of a log. */
function halfOf(log: string): string {
  const frames = log.split(/(?=^#hps-bench:begin )/m);
  return frames.slice(0, frames.length / 2).join('');
}
