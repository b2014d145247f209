import { App, Chart, JsonPatch } from 'cdk8s';
import { Deployment, type k8s } from 'cdk8s-plus-27';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRules, formatViolation, RULES, violationsOf } from '../src/kubernetes/rules/index.js';
import { loadSpec } from '../src/spec/index.js';
import { benchApp } from './app.js';
import { BREAKS, type Edit, FLEET_BREAKS, replace } from './rule-examples.js';
import { FILES, read, rendered, type Rendered } from './testing.js';

const TWO_NODES = ['fleet={nodes: [gpu-1, gpu-2], gpusPerNode: 2}', 'cluster.storage.accessMode=ReadWriteMany'];

let page: Rendered;
let variants: Rendered;
let fleet: Rendered;
let folder: string;
beforeAll(() => {
  page = rendered('a100-page');
  variants = rendered('a100-page', 'cluster.isolation=variant');
  fleet = rendered('a100-page', ...TWO_NODES);
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-rules-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What one rule says about the written YAML of one file after an edit. */
function broken(rule: string, file: string, edit: Edit, from = page): string[] {
  const text = from.files.get(file) ?? '';
  const edited = edit(text);
  expect(edited).not.toBe(text);
  const { objects } = read(new Map([...from.files, [file, edited]]));
  return (RULES[rule]?.({ objects, facts: from.facts }) ?? []).map(formatViolation);
}

describe('on the written YAML', () => {
  it.each(BREAKS)('%s tells when %s', (rule, _why, file, edit, message) => {
    expect(broken(rule, file, edit)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it.each(FLEET_BREAKS)('of a fleet, %s tells when %s', (rule, _why, file, edit, message) => {
    expect(broken(rule, file, edit, fleet)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it('every rule has an example that breaks it', () => {
    expect([...new Set([...BREAKS, ...FLEET_BREAKS].map(([rule]) => rule))].sort()).toEqual(Object.keys(RULES).sort());
  });

  it('nothing is said about what the charts write', () => {
    for (const from of [
      page,
      variants,
      fleet,
      rendered('a100-page', ...TWO_NODES, 'fleet.mode=node', 'cluster.queue=gpus'),
      rendered('cluster-cpu'),
      rendered('h100', 'cluster.storage.accessMode=ReadWriteMany'),
    ])
      expect(violationsOf(read(from.files).objects, from.facts).map(formatViolation)).toEqual([]);
  });

  it('counts GPUs of one moment, however many Deployments there are', () => {
    expect(read(variants.files).objects.filter(({ manifest }) => manifest.kind === 'Deployment')).toHaveLength(4);
    expect(
      broken(
        'gpuDeadlock',
        '50-serving.k8s.yaml',
        replace(/ +schedulingGates:\n +- name: hps-bench\/conductor\n/, ''),
        variants,
      ),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/2 GPUs can be held at once/)]));
  });
});

describe('as construct validations', () => {
  const spec = () => loadSpec({ preset: 'a100-page' });

  it('reports everything at once, each line with its construct, and writes nothing', () => {
    const app = benchApp(spec(), FILES, folder);
    const job = app.node.findChild('60-measurement').node.findChild('job');
    const serving = app.node.findChild('50-serving').node.findChild('triton');
    for (const [object, path, value] of [
      [job, '/spec/ttlSecondsAfterFinished', 60],
      [serving, '/spec/strategy/type', 'RollingUpdate'],
    ] as const)
      (object as unknown as { addJsonPatch: (patch: JsonPatch) => void }).addJsonPatch(JsonPatch.add(path, value));
    let message = '';
    try {
      app.synth();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/\[60-measurement\/job\] Job measure-\S+: spec\.ttlSecondsAfterFinished/);
    expect(message).toMatch(/\[50-serving\/triton\] Deployment triton-\w{8}: .*2 GPUs can be held at once/);
  });

  it('catches the GPU that a patched cdk8s-plus object loses', () => {
    const app = new App({ outdir: folder });
    const chart = new Chart(app, 'chart');
    const deployment = new Deployment(chart, 'triton', { containers: [{ image: 'triton:1' }] });
    const l1 = deployment.node.defaultChild as k8s.KubeDeployment;
    l1.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/resources/limits/nvidia.com~1gpu', '1'));
    addRules(app, { nodes: new Map(), gpus: 1, moments: [], startupSeconds: 1, exitTimeoutSeconds: 1 });
    expect(() => {
      app.synth();
    }).toThrow(/\[chart\/triton\/Resource\] Deployment .*"nvidia\.com\/gpu"\S* (undefined|null)/);
  });
});
