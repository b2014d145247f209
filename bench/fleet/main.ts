// `npm run bench:fleet -- --nodes 1000 --gpus 8`: a fleet with three slow GPUs and a throttled node, from its pods' logs on a
// real API server to the report, and a re-run on the suspects' nodes. Says what was found, how long it took and what the
// collector needed; exit code 1 where what was found is not what was planted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_MARGIN, fleetReportOf } from '../../src/cli/fleet-report.js';
import { fleetText } from '../../src/fleet/render/index.js';
import { Processes } from '../../src/local/processes.js';
import { loadSpec, specHash, type Spec } from '../../src/spec/index.js';
import { clusterPrograms } from '../../test/cluster/binaries.js';
import { frameOf, messageOf } from '../../test/cluster/collect/evidence.js';
import { Fleet } from '../../test/cluster/collect/fleet.js';
import { ControlPlane } from '../../test/cluster/control-plane.js';
import { gpuPieces } from '../../test/cluster/fleet/pieces.js';
import { Kubectl } from '../../test/cluster/kubectl.js';
import { startKwok } from '../../test/cluster/kwok.js';
import { pythonPath } from '../../test/cluster/python.js';
import { ends } from '../../test/cluster/play.js';
import { type Apart, collectApart } from '../collect/apart.js';
import { latencyFactor } from './noise.js';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '20' }, gpus: { type: 'string', default: '8' } },
});
const [nodeCount, gpuCount] = [Number(values.nodes), Number(values.gpus)];
if (!(nodeCount >= 5 && gpuCount >= 2)) throw new Error('--nodes: 5 or more; --gpus: 2 or more');

const nodes = Array.from({ length: nodeCount }, (_, i) => `gpu-${String(i).padStart(4, '0')}`);
const nodeAt = (share: number): string => nodes[Math.floor(share * nodeCount)] ?? '';
const THROTTLED = nodeAt(0.6);
/** Slower by so much, on each a GPU. */
const SLOW = new Map([
  [`${nodeAt(0.1)} 1`, 1.09],
  [`${nodeAt(0.3)} 0`, 1.12],
  [`${nodeAt(0.9)} ${gpuCount - 1}`, 1.2],
]);
const PLANTED = [...[...SLOW.keys()].map((key) => `GPU-${key.replace(' ', '-')}`), `node ${THROTTLED}`].sort();

const fault = (node: string, gpu: number): number => (node === THROTTLED ? 1.1 : (SLOW.get(`${node} ${gpu}`) ?? 1));

/** More pods than a namespace may have: here all are in one, so that the collector is seen at its largest. */
function specOf(of: readonly string[]): Spec {
  const set = ['perfAnalyzer.mode=time_windows', 'repeats=3', 'batches=[32, 64]', 'variants=[native_tf, tf_with_hps]'];
  const spec = loadSpec({ preset: 'a100-page', set });
  return { ...spec, fleet: { nodes: [...of], gpusPerNode: gpuCount, mode: 'gpu' } };
}

const say = (line: string): void => {
  console.log(line);
};
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Makes the pods of a run and collects them in a process of its own. */
async function run(kubectl: Kubectl, runId: string, of: readonly string[], results: string): Promise<Apart> {
  const spec = specOf(of);
  const began = performance.now();
  const fleet = new Fleet(kubectl, {
    namespace: `fleet-${runId}`,
    ...{ units: of.length * gpuCount, spec, runId },
    unitOf: (n) => `${of[Math.floor(n / gpuCount)] ?? ''}.${n % gpuCount}`,
    part: (n) => {
      const [node, gpu] = [of[Math.floor(n / gpuCount)] ?? '', n % gpuCount];
      const factor = (id: string): number => latencyFactor({ run: runId, node, gpu, id, fault: fault(node, gpu) });
      const pieces = gpuPieces({ spec, specHash: specHash(spec), runId }, { node, uuid: `GPU-${node}-${gpu}`, factor });
      return { log: pieces.map(frameOf).join(''), annotations: ends({ exitCode: 0, message: messageOf(pieces) }) };
    },
  });
  await fleet.make(say);
  await fleet.ended(undefined, 600);
  say(`${runId}: ${of.length * gpuCount} pods made and ended in ${seconds(began)}`);
  const collecting = performance.now();
  const collected = await collectApart(fleet.kubeconfig, `fleet-${runId}`, results);
  const { counts, megabytes, cpuSeconds, bytes } = collected;
  say(
    `${runId}: collected in ${seconds(collecting)} (${cpuSeconds.toFixed(1)} s of CPU, ${megabytes.toFixed(0)} MB at most, ${(bytes / 1e6).toFixed(0)} MB of logs): ${JSON.stringify(counts)}`,
  );
  await fleet.end();
  return collected;
}

const processes = new Processes(pythonPath());
const results = mkdtempSync(join(tmpdir(), 'hps-bench-fleet-'));
const plane = await ControlPlane.start(processes, await clusterPrograms(processes, say));
try {
  await startKwok(plane);
  const kubectl = new Kubectl(plane.access);
  const first = await run(kubectl, 'all', nodes, results);
  const began = performance.now();
  const suspects = fleetReportOf([first.folder], { margin: DEFAULT_MARGIN });
  say(
    `report: ${suspects.found.length} suspects in ${seconds(began)}, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at most`,
  );
  const wanted = [...new Set(suspects.found.map(({ node }) => node))].sort();
  const second = await run(kubectl, 'again', wanted, results);
  const report = fleetReportOf([first.folder], { margin: DEFAULT_MARGIN, confirm: second.folder });
  say(`\n${fleetText(report)}`);
  const found = report.found
    .filter(({ finding }) => finding === 'defective')
    .map(({ kind, node, gpus }) => (kind === 'node' ? `node ${node}` : (gpus[0]?.gpu ?? '')))
    .sort();
  const right = JSON.stringify(found) === JSON.stringify(PLANTED);
  say(
    `planted: ${PLANTED.join(', ')}\nfound:   ${found.join(', ')}\n${right ? 'all of them, and none else' : 'NOT THE SAME'}`,
  );
  process.exitCode = right ? 0 : 1;
} finally {
  await plane.stop();
  rmSync(results, { recursive: true });
}
