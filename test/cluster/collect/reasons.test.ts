import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT, plannedMeasurements } from '../../../src/spec/index.js';
import { Kubectl } from '../kubectl.js';
import { ends, waits } from '../play.js';
import { messageOf } from './evidence.js';
import { Fleet } from './fleet.js';
import { ownCluster } from '../worker.js';

const NAMESPACE = 'reasons';
const kubectl = new Kubectl(ownCluster());
const results = mkdtempSync(join(tmpdir(), 'hps-bench-reasons-'));
const fleet = new Fleet(kubectl, {
  ...{ namespace: NAMESPACE, units: 4 },
  part: (n, pieces) => {
    if (n === 1)
      return { annotations: waits('ImagePullBackOff', 'Back-off pulling image "example.com/none:1"'), log: '' };
    if (n === 2) {
      const message = messageOf(pieces.slice(0, 1), 'HPS has logged 3 errors, so its answers mean nothing', 4);
      return { annotations: ends({ exitCode: 4, message }), log: '' };
    }
    return {};
  },
});
const cells = plannedMeasurements(fleet.spec).length;

/** A Job of the real controller whose pod asks the real scheduler for more GPUs than any node has. */
const tooMany = {
  ...{ apiVersion: 'batch/v1', kind: 'Job' },
  metadata: {
    ...{ name: 'measure-too-many', namespace: NAMESPACE },
    labels: { ...fleet.labels('measure'), 'hps-bench/unit': 'gpu-99999', 'hps-bench/spec': fleet.specHash },
  },
  spec: {
    template: {
      metadata: { labels: fleet.labels('measure') },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'measure', image: 'i:1', resources: { limits: { 'nvidia.com/gpu': '9' } } }],
      },
    },
  },
};

function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const all = ['--import', 'tsx', join(PACKAGE_ROOT, 'src/cli/main.ts'), 'collect', '-n', NAMESPACE, ...args];
  return new Promise((resolve) => {
    const environment = { ...process.env, KUBECONFIG: fleet.kubeconfig };
    execFile(process.execPath, all, { env: environment, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

beforeAll(async () => {
  await fleet.make();
  await fleet.ended(3);
  await kubectl.apply(tooMany);
  const unscheduled = '--for=jsonpath={.status.conditions[?(@.type=="PodScheduled")].reason}=Unschedulable';
  const selector = 'batch.kubernetes.io/job-name=measure-too-many';
  await kubectl.ok(['wait', unscheduled, 'pod', '-l', selector, '-n', NAMESPACE, '--timeout=60s']);
});

afterAll(async () => {
  await fleet.end();
  rmSync(results, { recursive: true });
});

describe('hps-bench collect', () => {
  it('ends with 3 and says in a line each what is missing, why, and what a person would try first', async () => {
    const { code, stdout, stderr } = await command('--results', results);
    expect(stderr).toBe('');
    expect(code).toBe(3);
    expect(stdout).toContain(`run run-1 (spec ${fleet.specHash}) in namespace ${NAMESPACE}, context test at https://`);
    expect(stdout).toMatch(
      /missing: gpu-00001: \d+ measurements \(\S+ …\): pod measure-1-x: ImagePullBackOff: Back-off/,
    );
    expect(stdout).toContain('check the name in cluster.image');
    expect(stdout).toMatch(/missing: gpu-00002: .*ended with code 4: HPS has logged 3 errors/);
    expect(stdout).toMatch(/missing: gpu-99999: .*the scheduler says: .* Insufficient nvidia.com\/gpu/);
    expect(stdout).toContain(
      `${5 * cells} measurements expected of 5 units: ${2 * cells} measured, 0 invalid, 0 failed, ${3 * cells} missing.`,
    );
  });

  it('says the same to programs', async () => {
    const { code, stdout } = await command('--results', results, '--json');
    expect(code).toBe(3);
    const told = JSON.parse(stdout) as { open_units: { unit: string; kind: string; state: string }[] };
    expect(told).toMatchObject({ schema: 'hps-bench/collected/1', units: 5, measured: 2 * cells, missing: 3 * cells });
    expect(told.open_units.map(({ unit, kind, state }) => `${unit} ${state} ${kind}`)).toEqual([
      ...['gpu-00001 waiting image-pull', 'gpu-00002 failed hps-error', 'gpu-99999 waiting unschedulable'],
    ]);
  });

  it('answers a run that is not there, and a context that is not, with what there is', async () => {
    const noRun = await command('--run', 'run-7');
    expect(noRun).toMatchObject({ code: 2, stdout: '' });
    expect(noRun.stderr).toContain(`there is no run run-7 in namespace ${NAMESPACE} (context test)`);
    const noContext = await command('--context', 'tset');
    expect(noContext.code).toBe(2);
    expect(noContext.stderr).toContain('has no context "tset"; allowed: test');
  });
});
