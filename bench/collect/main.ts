// `npm run bench:collect -- --pods 10000`: collects a run of so many pods, each with a log of its own of 44 cells, through a
// real API server, beside `kubectl logs` in a loop and a plain 50-way fetch loop on the same pods.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Processes } from '../../src/local/processes.js';
import { readStore, type LogRead } from '../../src/results/index.js';
import { loadSpec } from '../../src/spec/index.js';
import { clusterPrograms } from '../../test/cluster/binaries.js';
import { Fleet } from '../../test/cluster/collect/fleet.js';
import { ControlPlane } from '../../test/cluster/control-plane.js';
import { Kubectl } from '../../test/cluster/kubectl.js';
import { startKwok } from '../../test/cluster/kwok.js';
import { pythonPath } from '../../test/cluster/python.js';
import { collectApart } from './apart.js';
import { fetchLoop, kubectlLoop } from './baselines.js';
import { cpuSeconds, cpusUsed } from './cpu.js';

const NAMESPACE = 'bench';
const KUBECTL_SAMPLE = 30;
/** CPUs that an idle control plane with so many objects uses. */
const AT_REST = 0.3;

const { values } = parseArgs({ options: { pods: { type: 'string', default: '500' } } });
const pods = Number(values.pods);
if (!Number.isInteger(pods) || pods < 1) throw new Error(`--pods ${values.pods}: a whole number from 1`);

const say = (line: string): void => {
  console.log(line);
};
const processes = new Processes(pythonPath());
const results = mkdtempSync(join(tmpdir(), 'hps-bench-collect-'));
process.once('SIGINT', (signal) => {
  processes.interrupt(signal);
});
const plane = await ControlPlane.start(processes, await clusterPrograms(processes, say));
try {
  await startKwok(plane);
  await bench(new Kubectl(plane.access));
} finally {
  await plane.stop();
  rmSync(results, { recursive: true });
}

async function bench(kubectl: Kubectl): Promise<void> {
  const spec = loadSpec({ preset: 'a100-page', set: ['repeats=1'] });
  const fleet = new Fleet(kubectl, { namespace: NAMESPACE, units: pods, spec });
  const began = performance.now();
  await fleet.make(say);
  await fleet.ended();
  say(`${pods} pods made and ended in ${secondsSince(began)} s; ${cpus().length} CPUs`);
  say(`the controllers are at rest after ${await untilAtRest()} s`);
  const names = fleet.units.map((unit) => unit.pod);

  const loop = await kubectlLoop(kubectl, NAMESPACE, names.slice(0, KUBECTL_SAMPLE));
  say(`kubectl logs in a loop      ${loop.toFixed(1)} logs/s (${Math.min(pods, KUBECTL_SAMPLE)} pods)`);

  const fetchBefore = cpuSeconds(plane.access.folder);
  const plain = await fetchLoop(kubectl, NAMESPACE, names);
  const fetchUsed = cpusUsed(fetchBefore, cpuSeconds(plane.access.folder), plain.seconds);
  say(
    `50 fetches, nothing kept    ${plain.rate.toFixed(0)} logs/s, ${megabytes(plain.bytes / plain.seconds)}/s; CPUs: ${fetchUsed}`,
  );

  const before = cpuSeconds(plane.access.folder);
  const started = performance.now();
  const child = await collectApart(fleet.kubeconfig, NAMESPACE, results);
  const wall = (performance.now() - started) / 1000;
  const { seconds, counts, expected } = child;
  const rate = pods / seconds.collect;
  say(
    `hps-bench collect           ${rate.toFixed(0)} logs/s, ${megabytes(child.bytes / seconds.collect)}/s; CPUs: ${cpusUsed(before, cpuSeconds(plane.access.folder), wall)}, collector ${(child.cpuSeconds / wall).toFixed(2)}`,
  );
  say(
    `                            ${(rate / plain.rate).toFixed(2)} of the plain fetch loop, ${(rate / loop).toFixed(0)} times kubectl`,
  );
  say(
    `in all                      ${wall.toFixed(1)} s: evidence ${seconds.collect.toFixed(1)} s, records and ledger ${seconds.ledger.toFixed(1)} s; ${child.megabytes.toFixed(0)} MB of memory, ${megabytes(child.bytes)} of logs`,
  );
  say(`ledger                      ${expected} expected: ${JSON.stringify(counts)}; ${child.retries} asked for again`);
  const differing = differingLogs(fleet, child.folder);
  say(`bytes                       ${pods - differing.length} of ${pods} logs equal to what was served`);
  if (differing.length > 0 || counts['measured'] !== expected) {
    say(
      JSON.stringify({
        differing: differing.slice(0, 3),
        problems: child.problems,
        contradictions: child.contradictions,
      }),
    );
    process.exitCode = 1;
  }
}

/** Controllers go on with their books of so many Jobs for minutes, on the CPUs that are to be measured. */
async function untilAtRest(): Promise<string> {
  const began = performance.now();
  for (;;) {
    const before = cpuSeconds(plane.access.folder);
    await sleep(2000);
    const after = cpuSeconds(plane.access.folder);
    const used = [...after].reduce((sum, [name, seconds]) => sum + seconds - (before.get(name) ?? 0), 0) / 2;
    if (used < AT_REST || performance.now() - began > 600_000) return secondsSince(began);
  }
}

/** Logs whose digest as they were read is not that of the file behind them, taken out of its container form. */
function differingLogs(fleet: Fleet, folder: string): string[] {
  const read = new Map<string, string>();
  for (const line of readStore(join(folder, 'evidence'))) {
    if ('damaged' in line || line.head.kind !== 'log') continue;
    const { name, sha256 } = JSON.parse(line.body.toString()) as LogRead;
    read.set(name, sha256);
  }
  return fleet.units.filter((unit) => read.get(unit.pod) !== servedDigest(unit.file)).map((unit) => unit.pod);
}

function servedDigest(file: string): string {
  const plain = readFileSync(file, 'utf8').replaceAll(/^\S+ stdout F /gm, '');
  return createHash('sha256').update(plain).digest('hex');
}

function secondsSince(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
