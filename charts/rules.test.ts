import { App, Chart, JsonPatch } from 'cdk8s';
import { Deployment, type k8s } from 'cdk8s-plus-27';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRules, formatViolation, RULES, violationsOf } from '../src/kubernetes/rules/index.js';
import { loadSpec } from '../src/spec/index.js';
import { benchApp } from './app.js';
import { FILES, read, rendered, type Rendered } from './testing.js';

let page: Rendered;
let variants: Rendered;
let folder: string;
beforeAll(() => {
  page = rendered('a100-page');
  variants = rendered('a100-page', 'cluster.isolation=variant');
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-rules-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Edit = (text: string) => string;

/** What one rule says about the written YAML of one file after an edit. */
function broken(rule: string, file: string, edit: Edit, from = page): string[] {
  const text = from.files.get(file) ?? '';
  const edited = edit(text);
  expect(edited).not.toBe(text);
  const { objects } = read(new Map([...from.files, [file, edited]]));
  return (RULES[rule]?.({ objects, facts: from.facts }) ?? []).map(formatViolation);
}

const replace =
  (from: string | RegExp, to: string): Edit =>
  (text) =>
    text.replace(from, to);

/** Rule, file, edit of its YAML, what is said. */
const BREAKS: [rule: string, why: string, file: string, edit: Edit, message: RegExp][] = [
  [
    'noNulls',
    'a value is missing',
    '50-serving.k8s.yaml',
    replace('nvidia.com/gpu: "1"', 'nvidia.com/gpu: null'),
    /^Deployment triton-\w{8}: spec\.template\.spec\.containers\[0\]\.resources\.limits\."nvidia\.com\/gpu": null/,
  ],
  [
    'knownFields',
    'a field is misspelt',
    '60-measurement.k8s.yaml',
    replace('activeDeadlineSeconds', 'activeDedlineSeconds'),
    /^Job measure-.*: spec\.activeDedlineSeconds: is no field .* \(did you mean "activeDeadlineSeconds"\?\)$/,
  ],
  [
    'knownFields',
    'a number stands for a text',
    '50-serving.k8s.yaml',
    replace('cpu: "8"', 'cpu: 8'),
    /limits\.cpu: 8 is not a text \(write it in quotes: "8"\)/,
  ],
  [
    'knownFields',
    'a kind is of another version',
    '60-measurement.k8s.yaml',
    replace('batch/v1', 'batch/v1beta1'),
    /"batch\/v1beta1 Job" is no kind .*did you mean "batch\/v1 Job"/,
  ],
  [
    'uniqueNames',
    'a name is taken',
    '70-conductor.k8s.yaml',
    (text) => `${text}---\n${text.split('---\n')[0] ?? ''}`,
    /ServiceAccount conductor: metadata\.name: ServiceAccount hps-bench\/conductor is also made by 70-conductor/,
  ],
  [
    'contentInNames',
    'a Job has a fixed name',
    '30-models.k8s.yaml',
    replace(/name: create-models-\w{8}/, 'name: create-models-now'),
    /"create-models-now" carries no key of the content, and a Job cannot be changed/,
  ],
  [
    'contentInNames',
    'a Job was changed after it was named',
    '30-models.k8s.yaml',
    replace('backoffLimit: 3', 'backoffLimit: 4'),
    /has key \w{8}, and its content has \w{8}: it was changed after it was named/,
  ],
  [
    'contentInNames',
    'settings were changed after they were named',
    '60-measurement.k8s.yaml',
    replace('"window_ms": 5000', '"window_ms": 5001'),
    /ConfigMap settings-measure-.* its content has/,
  ],
  [
    'gpuQuantity',
    'a GPU count is a number',
    '50-serving.k8s.yaml',
    replace('nvidia.com/gpu: "1"', 'nvidia.com/gpu: 1'),
    /resources\.limits\["nvidia\.com\/gpu"\]: 1 is no GPU count \(write a whole number in quotes/,
  ],
  [
    'gpuQuantity',
    'a GPU count is null',
    '40-engines.k8s.yaml',
    replace('nvidia.com/gpu: "1"', 'nvidia.com/gpu: null'),
    /null is no GPU count/,
  ],
  [
    'gpuDeadlock',
    'Triton holds the GPU while engines are built',
    '50-serving.k8s.yaml',
    replace(/ +schedulingGates:\n +- name: hps-bench\/conductor\n/, ''),
    /2 GPUs can be held at once \(triton-\w{8} 1, build-engines-\w{8} 1\), and the run may hold 1/,
  ],
  [
    'gpuDeadlock',
    'a rolling update needs a second GPU',
    '50-serving.k8s.yaml',
    replace('type: Recreate', 'type: RollingUpdate'),
    /2 GPUs can be held at once \(triton-\w{8} 2\)/,
  ],
  [
    'gpuDeadlock',
    'the client asks for a GPU too',
    '60-measurement.k8s.yaml',
    replace(/memory: 8Gi\n/, 'memory: 8Gi\n              nvidia.com/gpu: "1"\n'),
    /2 GPUs can be held at once/,
  ],
  [
    'releasedGates',
    'nobody releases a Job',
    '40-engines.k8s.yaml',
    replace(/name: build-engines-\w{8}/, 'name: build-engines-00000001'),
    /gate "hps-bench\/conductor" of build-engines-00000001, which the conductor's plan does not name/,
  ],
  [
    'claimOnOneNode',
    'the client may land elsewhere',
    '60-measurement.k8s.yaml',
    replace('topologyKey: kubernetes.io/hostname', 'topologyKey: topology.kubernetes.io/zone'),
    /uses the ReadWriteOnce claim hps-bench while triton-\w{8} does, perhaps on another node .*ReadWriteMany/,
  ],
  [
    'claimOnOneNode',
    'a stage is allowed on other nodes',
    '30-models.k8s.yaml',
    replace('- NVIDIA-A100-SXM4-80GB', '- NVIDIA-A100-PCIE-80GB'),
    /may run on other nodes than create-models/,
  ],
  [
    'canonicalQuantities',
    'CPUs are written in thousandths',
    '60-measurement.k8s.yaml',
    replace('cpu: "4"', 'cpu: 4000m'),
    /limits\.cpu: "4000m" is not how Kubernetes writes this quantity \(write "4"\)/,
  ],
  [
    'canonicalQuantities',
    'memory is written in Mi',
    '50-serving.k8s.yaml',
    replace('sizeLimit: 2Gi', 'sizeLimit: 2048Mi'),
    /sizeLimit: "2048Mi" .*\(write "2Gi"\)/,
  ],
  [
    'guaranteed',
    'request and limit differ',
    '60-measurement.k8s.yaml',
    replace(/(requests:\n +cpu: )"4"/, '$1"2"'),
    /cpu: request 2 and limit 4 differ/,
  ],
  [
    'startupBudget',
    'the startup probe gives up too early',
    '50-serving.k8s.yaml',
    replace(/failureThreshold: \d{3}/, 'failureThreshold: 30'),
    /startupProbe: allows 300 s from start to ready, and the models need up to \d+ s/,
  ],
  [
    'startupBudget',
    'there is no startup probe',
    '50-serving.k8s.yaml',
    replace('startupProbe', 'lifecycle'),
    /allows 0 s from start to ready/,
  ],
  [
    'startupBudget',
    'the Deployment gives up too early',
    '50-serving.k8s.yaml',
    replace(/progressDeadlineSeconds: \d+/, 'progressDeadlineSeconds: 600'),
    /progressDeadlineSeconds: 600 s is over before/,
  ],
  [
    'gracePeriod',
    'the pod is killed before Triton has ended',
    '50-serving.k8s.yaml',
    replace('terminationGracePeriodSeconds: 60', 'terminationGracePeriodSeconds: 30'),
    /30 s, and Triton waits 30 s/,
  ],
  [
    'probePorts',
    'a probe has no port',
    '50-serving.k8s.yaml',
    replace(/(path: \/v2\/health\/ready\n) +port: 8000\n/, '$1'),
    /readinessProbe: asks port 80, because none is written, and the container has 8000, http/,
  ],
  [
    'workloadSelector',
    'the selector misses its own pods',
    '50-serving.k8s.yaml',
    replace(/(matchLabels:\n +app.kubernetes.io\/name): hps-bench/, '$1: triton'),
    /app\.kubernetes\.io\/name=triton,.* does not select the pods of its own template/,
  ],
  [
    'selectsSomething',
    'the Service selects nothing',
    '50-serving.k8s.yaml',
    replace(/(selector:\n +app.kubernetes.io\/name: hps-bench\n +hps-bench\/stage): serve/, '$1: server'),
    /Service triton: spec\.selector: .*hps-bench\/stage=server selects no pod/,
  ],
  [
    'selectsSomething',
    'the Service points at no port',
    '50-serving.k8s.yaml',
    replace('targetPort: http', 'targetPort: web'),
    /targetPort: web is no port of the pods that triton selects/,
  ],
  [
    'selectsSomething',
    'a policy selects nothing',
    '00-namespace.k8s.yaml',
    replace(/hps-bench\/stage: serve\n {2}policyTypes/, 'hps-bench/stage: triton\n  policyTypes'),
    /NetworkPolicy triton-from-clients: spec\.podSelector: .* selects no pod/,
  ],
  [
    'selectsSomething',
    'the client looks for another server',
    '60-measurement.k8s.yaml',
    replace(/hps-bench\/serving: triton-\w{8}/, 'hps-bench/serving: triton'),
    /podAffinity: hps-bench\/serving=triton selects no pod/,
  ],
  [
    'configMapSize',
    'a ConfigMap is too large',
    '60-measurement.k8s.yaml',
    replace('"schema":', `"more": "${'x'.repeat(1_048_576)}", "schema":`),
    /holds \d+ bytes, and a ConfigMap at most 1048576/,
  ],
  [
    'lastAppliedSize',
    'kubectl apply could not note what it applied',
    '60-measurement.k8s.yaml',
    replace('"schema":', `"more": "${'x'.repeat(200_000)}", "schema":`),
    /kubectl apply would write \d+ bytes of annotations, and 262144 are allowed/,
  ],
  [
    'noTtl',
    'a Job removes itself',
    '60-measurement.k8s.yaml',
    replace('backoffLimit: 3', 'backoffLimit: 3\n  ttlSecondsAfterFinished: 3600'),
    /3600: the Job goes when it is over, and GitOps/,
  ],
  [
    'bounded',
    'a Job has no bound',
    '30-models.k8s.yaml',
    replace(/ {2}activeDeadlineSeconds: 1209600\n/, ''),
    /spec\.activeDeadlineSeconds: is missing/,
  ],
  [
    'pinnedImages',
    'an image has no tag',
    '50-serving.k8s.yaml',
    replace('image: nvcr.io/nvidia/merlin/merlin-tensorflow:23.02', 'image: nvcr.io/nvidia/merlin/merlin-tensorflow'),
    /"nvcr\.io\/nvidia\/merlin\/merlin-tensorflow" has no tag that stays/,
  ],
  [
    'pinnedImages',
    'an image is the latest',
    '70-conductor.k8s.yaml',
    replace('image: docker.io/library/node:22.20.0-bookworm-slim', 'image: docker.io/library/node:latest'),
    /node:latest" has no tag/,
  ],
];

describe('on the written YAML', () => {
  it.each(BREAKS)('%s tells when %s', (rule, _why, file, edit, message) => {
    expect(broken(rule, file, edit)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it('every rule has an example that breaks it', () => {
    expect([...new Set(BREAKS.map(([rule]) => rule))].sort()).toEqual(Object.keys(RULES).sort());
  });

  it('nothing is said about what the charts write', () => {
    for (const from of [
      page,
      variants,
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
    addRules(app, { gpus: 1, moments: [], startupSeconds: 1, exitTimeoutSeconds: 1 });
    expect(() => {
      app.synth();
    }).toThrow(/\[chart\/triton\/Resource\] Deployment .*"nvidia\.com\/gpu"\S* (undefined|null)/);
  });
});
