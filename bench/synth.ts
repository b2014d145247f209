import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { settingsMap } from '../charts/settings-map.js';
import {
  apiObject,
  container,
  dataVolume,
  failAtOnce,
  job,
  keyed,
  placement,
  podTemplate,
  stageLabels,
} from '../src/kubernetes/index.js';
import { addRules } from '../src/kubernetes/rules/index.js';
import { loadSpec, PACKAGE_ROOT } from '../src/spec/index.js';

// `npm run bench:synth`: the app's own time for bench.yaml against a Node that does nothing, and how the time grows with
// the number of objects. Prints; asserts nothing.

const ROUNDS = 5;

/** Has a process say its CPU time in ms when it ends. */
const SAY_CPU =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();console.error((user+system)/1000)})';

interface Times {
  readonly wall: number;
  readonly cpu: number;
}

/** Shortest times of a process in ms: what others do on the machine only ever adds to them. */
function fastest(args: readonly string[]): Times {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync('node', ['--import', SAY_CPU, ...args], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}: ${stderr}`);
    return { wall: performance.now() - start, cpu: Number(stderr.trim().split('\n').at(-1)) };
  });
  return { wall: Math.min(...times.map(({ wall }) => wall)), cpu: Math.min(...times.map(({ cpu }) => cpu)) };
}

const shown = ({ wall, cpu }: Times): string => `${wall.toFixed(0)} ms (${cpu.toFixed(0)} ms of CPU)`;

/** CPU time of this process so far, in ms. */
function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** An app with that many objects, half of them Jobs of a pod and half their settings; ms of CPU to build, check and write it. */
function synthesize(objects: number, outdir: string): number {
  const spec = loadSpec({ preset: 'a100-page' });
  const start = cpuNow();
  const app = new App({ outdir });
  const chart = new Chart(app, 'runs', { namespace: 'hps-bench' });
  const names = Array.from({ length: objects / 2 }, (_, index) => measuringJob(chart, spec, `run-${index}`));
  addRules(app, {
    gpus: 1,
    nodes: new Map(),
    moments: names.map((name) => [name]),
    startupSeconds: 1,
    exitTimeoutSeconds: 1,
  });
  app.synth();
  return cpuNow() - start;
}

function measuringJob(chart: Chart, spec: ReturnType<typeof loadSpec>, runId: string): string {
  const namespace = 'hps-bench';
  const settings = settingsMap(chart, `settings-${runId}`, { namespace, stage: 'measure', runId, settings: { runId } });
  const mounts = [settings, dataVolume()];
  const image = spec.cluster.image;
  const template = podTemplate({
    labels: stageLabels('measure', runId),
    cluster: spec.cluster,
    containers: [container({ name: 'measure', image, command: ['true'], cpu: '4', memory: '8Gi', gpus: 1, mounts })],
    mounts,
    placement: placement(spec.cluster),
    gated: true,
    terminationGracePeriodSeconds: 60,
    activeDeadlineSeconds: 60,
    restartPolicy: 'Never',
  });
  const [made] = keyed((key) => [
    job({
      name: `measure-${key}-${runId}`,
      namespace,
      labels: stageLabels('measure', runId),
      template,
      activeDeadlineSeconds: 60,
      backoffLimit: 0,
      failurePolicy: failAtOnce(),
    }),
  ]);
  apiObject(chart, `job-${runId}`, made);
  return made.metadata?.name ?? '';
}

const folder = mkdtempSync(join(tmpdir(), 'hps-bench-synth-'));
try {
  const output = join(folder, 'dist');
  const nothing = fastest(['--import', 'tsx', '--input-type=module', '-e', '']);
  const whole = fastest(['--import', 'tsx', 'charts/main.ts', '--output', output]);
  console.log(`default spec: ${shown(whole)}; Node and tsx alone: ${shown(nothing)}`);
  synthesize(100, folder);
  let before: { objects: number; each: number } | undefined;
  for (const objects of [625, 1250, 2500, 5000, 10_000]) {
    const each = Math.min(...[1, 2, 3].map(() => synthesize(objects, folder))) / objects;
    const growth = before === undefined ? '' : `, ${(each / before.each).toFixed(2)} times that of ${before.objects}`;
    console.log(
      `${objects} objects: ${(each * objects).toFixed(0)} ms of CPU, ${(each * 1000).toFixed(0)} us each${growth}`,
    );
    before = { objects, each };
  }
} finally {
  rmSync(folder, { recursive: true });
}
