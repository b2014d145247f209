import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/records/index.js';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import type { CommandEnd } from './command.js';
import { CommandStage } from './stage.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'commands-run';
const NODE = 'a100-commands-run';

interface View {
  state: string;
  measurements: { measured: number };
  gpu: { held: number };
  triton: number;
}

describe('hps-bench run, from an empty cluster', () => {
  let stage: CommandStage;
  let first: CommandEnd;
  const status = async (...more: string[]): Promise<CommandEnd> =>
    stage.command(['status', '--namespace', NAMESPACE, '--results', stage.results, ...more]).ended;

  beforeAll(async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }));
    stage = await CommandStage.set(kubectl, NAMESPACE);
    stage.conduct();
    first = await stage.run('--yes').ended;
  });
  afterAll(async () => {
    await stage.strike();
    await kubectl.ok(['delete', 'node', NODE]);
  });

  it('ends with every measurement in a report on this machine', () => {
    expect(first.code, first.stdout + first.stderr).toBe(0);
    const folder = join(stage.results, 'run-1');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('FP16 TRT with HPS');
    const records = readRecords(join(folder, 'records.ndjson'));
    expect(records.filter(({ status: one }) => one === 'measured')).toHaveLength(stage.plan.measurements);
  });

  it('says what it will take, what it makes, every stage in its turn, the table and where the report is', () => {
    const parts = [
      'GPU-hours: ',
      'It fits.',
      `namespace ${NAMESPACE}`,
      /objects: \d+ to be made/,
      /^run-1: create-models/m,
      /^run-1: build-engines/m,
      /^run-1: serve/m,
      /^run-1: measure/m,
      /run run-1 of spec \w{12}: complete/,
      /Batch size +Native TF/,
      /^report: .*report\.html$/m,
    ];
    let from = 0;
    for (const part of parts) {
      const rest = first.stdout.slice(from);
      const at = typeof part === 'string' ? rest.indexOf(part) : rest.search(part);
      expect(at, `${String(part)} in ${rest}`).toBeGreaterThanOrEqual(0);
      from += at;
    }
  });

  it('holds no GPU in the end', async () => {
    const view = JSON.parse((await status('--json')).stdout) as View;
    expect(view).toMatchObject({ state: 'complete', gpu: { held: 0 }, triton: 0 });
    expect(view.measurements.measured).toBe(stage.plan.measurements);
    expect(stage.director.heldGpus).toBe(0);
    expect(stage.director.mostGpus).toBe(1);
  });

  it('attaches to the run when it is given again, changes nothing, and ends the same', async () => {
    const versions = async (): Promise<unknown> =>
      (
        await kubectl.get<{ items: { metadata: { uid: string; generation?: number } }[] }>(
          'jobs,deployments',
          '-n',
          NAMESPACE,
        )
      ).items.map(({ metadata: { uid, generation } }) => [uid, generation]);
    const before = await versions();
    // Without --yes: there is nothing to agree to.
    const again = await stage.run('--json').ended;
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toMatch(/all \d+ objects are there as they should be: attaches to the run/);
    expect(JSON.parse(again.stdout)).toMatchObject({ runId: 'run-1', schema: 'hps-bench/report/1' });
    expect(await versions()).toEqual(before);
  });

  it('refuses another spec under the same name before anything is applied', async () => {
    const { code, stderr } = await stage.run('--set', 'requestSeed=8', '--yes').ended;
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is of another spec') as string,
    });
    expect(stderr).toContain('--run-id');
  });

  it('names the owner of a field that somebody changed, and takes it back only when told to', async () => {
    const service = ['service', 'triton', '-n', NAMESPACE];
    await kubectl.ok(['label', ...service, 'hps-bench/stage=mine', '--overwrite', '--field-manager=somebody']);
    const label = async (): Promise<unknown> => {
      const { metadata } = await kubectl.get<{ metadata: { labels: Record<string, string> } }>(...service);
      return metadata.labels['hps-bench/stage'];
    };
    const refused = await stage.run('--yes').ended;
    expect(refused.code, refused.stderr).toBe(2);
    expect(refused.stderr).toMatch(/Service triton: \.metadata\.labels\S* is somebody's/);
    expect(refused.stderr).toContain('--take-over');
    expect(await label()).toBe('mine');
    const taken = await stage.run('--yes', '--take-over').ended;
    expect(taken.code, taken.stderr).toBe(0);
    expect(taken.stdout).toContain('takes over from somebody: Service triton');
    expect(await label()).toBe('serve');
  });

  it('can still be shown when only the results are left', async () => {
    await kubectl.ok(['delete', 'jobs,deployments,pods', '--all', '-n', NAMESPACE, '--timeout=120s']);
    const { code, stdout } = await status();
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/run run-1 of spec \w+: complete/) as string,
    });
    expect(stdout).toContain(`measurements  ${stage.plan.measurements} of ${stage.plan.measurements}`);
    expect(stdout).toContain('report.html');
  });

  it('is removed with teardown, the volume last and only when asked to', async () => {
    const teardown = (...more: string[]): Promise<CommandEnd> =>
      stage.command(['teardown', '--namespace', NAMESPACE, '--yes', ...more]).ended;
    const one = await teardown();
    expect(one.code, one.stdout + one.stderr).toBe(0);
    expect(one.stdout).toMatch(/kept: volume claim hps-bench, 1Ti, about 17\.\d GB/);
    expect((await kubectl.run(['get', 'configmap', 'results-run-1', '-n', NAMESPACE])).code).not.toBe(0);
    expect((await teardown()).stdout).toContain('nothing to remove');
    const all = await teardown('--all', '--volume');
    expect(all.code, all.stdout + all.stderr).toBe(0);
    expect(
      (await kubectl.get<{ items: unknown[] }>('persistentvolumeclaims,jobs,deployments,services', '-n', NAMESPACE))
        .items,
    ).toEqual([]);
    expect((await teardown('--all', '--volume')).code).toBe(0);
    // What was collected stays.
    expect(existsSync(join(stage.results, 'run-1', 'report.html'))).toBe(true);
  });
});
