import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../../src/cluster/client/index.js';
import { collectRun, findRun } from '../../../src/cluster/collect/index.js';
import { indexEvidence, segmentsIn } from '../../../src/results/index.js';
import { PACKAGE_ROOT, plannedMeasurements } from '../../../src/spec/index.js';
import { Kubectl } from '../kubectl.js';
import { BadNetwork } from './bad-network.js';
import { Fleet } from './fleet.js';
import { ownCluster } from '../worker.js';

const NAMESPACE = 'killed';
const UNITS = 30;
const KILLS = 20;
/** What a module of its own would know of its place. */
const META = {
  'import.meta.dirname': JSON.stringify(join(PACKAGE_ROOT, 'src', 'spec')),
  'import.meta.url': '"file:///"',
};
const fleet = new Fleet(new Kubectl(ownCluster()), { namespace: NAMESPACE, units: UNITS });
const results = mkdtempSync(join(tmpdir(), 'hps-bench-killed-'));
const program = join(results, 'collector.cjs');
let network: BadNetwork;
/** Told when a log is asked for. */
let onLog = (): void => undefined;

beforeAll(async () => {
  // One file starts in a fraction of the time that many take.
  const entryPoints = [join(import.meta.dirname, 'collector-process.ts')];
  await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: program, define: META });
  // Each log takes a while, so that a collection can be killed in its midst.
  const beforeLog = async (): Promise<void> => {
    onLog();
    await new Promise((resolve) => setTimeout(resolve, 150));
  };
  network = await BadNetwork.before(fleet.access, { beforeLog });
  await fleet.make();
  await fleet.ended();
});

afterAll(async () => {
  await network.close();
  await fleet.end();
  rmSync(results, { recursive: true });
});

/** Kills it so long after it began to read logs. @returns how it ended: `SIGKILL`, or its exit code */
function killedAfter(child: ChildProcess, ms: number): Promise<string> {
  onLog = () => {
    onLog = () => undefined;
    setTimeout(() => child.kill('SIGKILL'), ms);
  };
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal ?? String(code));
    });
  });
}

describe('a collector that is killed at random', () => {
  it(`loses nothing in ${KILLS} kills, and the last one ends with everything measured`, async () => {
    const args = [program, network.kubeconfig, NAMESPACE, results];
    const ends: string[] = [];
    let before = 0;
    for (let n = 0; n < KILLS; n++) {
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      ends.push(await killedAfter(child, Math.random() * 400));
      const { keys } = indexEvidence(join(results, 'run-1'));
      const found = [...keys.values()].reduce((sum, known) => sum + known.size, 0);
      expect(found).toBeGreaterThanOrEqual(before);
      before = found;
    }
    expect(ends.filter((end) => end === 'SIGKILL').length).toBeGreaterThan(KILLS / 2);
    const client = Client.connect({ kubeconfig: fleet.kubeconfig, namespace: NAMESPACE });
    const { counts, expected, problems, contradictions, folder } = await collectRun(client, await findRun(client), {
      ...{ results, volume: 'never' },
    });
    await client.close();
    expect({ problems, contradictions }).toEqual({ problems: [], contradictions: [] });
    expect(counts.measured).toBe(UNITS * plannedMeasurements(fleet.spec).length);
    expect(expected).toBe(counts.measured);
    // Several of them had brought something.
    expect(segmentsIn(join(folder.path, 'evidence')).length).toBeGreaterThan(2);
  });
});
