import { beforeAll, describe, expect, it } from 'vitest';
import { checkPlan, type Plan } from '../jobs/conductor/plan.js';
import type { Manifest } from '../src/kubernetes/rules/index.js';
import { loadSpec, specHash } from '../src/spec/index.js';
import { benchCharts } from './app.js';
import { FILES, rendered, type Rendered } from './testing.js';

let page: Rendered;
beforeAll(() => {
  page = rendered('a100-page');
});

const names = (from: Rendered, kind?: string): string[] =>
  from.objects
    .filter(({ manifest }) => kind === undefined || manifest.kind === kind)
    .map(({ manifest }) => `${manifest.kind ?? ''}/${manifest.metadata?.name ?? ''}`);

/** The pod's spec of a Job or Deployment, as text that is easy to search. */
const podOf = (manifest: Manifest): Record<string, unknown> =>
  (manifest['spec'] as { template: { spec: Record<string, unknown> } }).template.spec;

const planOf = (from: Rendered, name: string): Plan =>
  checkPlan(
    JSON.parse((from.get('ConfigMap', name)['data'] as Record<string, string>)['plan.json'] ?? ''),
    name,
    specHash,
  ) as Plan;

describe('the files', () => {
  it('are one for each chart, numbered in the order in which things happen', () => {
    expect([...page.files.keys()]).toEqual([
      '00-namespace.k8s.yaml',
      '10-storage.k8s.yaml',
      '20-programs.k8s.yaml',
      '30-models.k8s.yaml',
      '40-engines.k8s.yaml',
      '50-serving.k8s.yaml',
      '60-measurement.k8s.yaml',
      '70-conductor.k8s.yaml',
    ]);
  });

  it('are the same bytes every time', () => {
    expect(rendered('a100-page').files).toEqual(page.files);
  });

  it('have no engines where no variant needs one', () => {
    expect([...rendered('cluster-cpu').files.keys()]).not.toContain('40-engines.k8s.yaml');
  });
});

it('construct ids are a contract: another id would be another object', () => {
  const { app } = benchCharts(loadSpec({ preset: 'a100-page' }), FILES, 'unused');
  const ids = app.node
    .findAll()
    .map(({ node }) => node.path)
    .filter((path) => path.split('/').length === 2)
    // As many as the programs need.
    .filter((path) => !/programs-[2-9]$/.test(path));
  expect(ids).toEqual([
    '00-namespace/namespace',
    '00-namespace/default-deny',
    '00-namespace/clients-to-dns',
    '00-namespace/conductor-to-api-server',
    '00-namespace/measure-to-triton',
    '00-namespace/conductor-to-triton',
    '00-namespace/triton-from-clients',
    '10-storage/claim',
    '20-programs/programs-1',
    '30-models/settings',
    '30-models/job',
    '40-engines/settings',
    '40-engines/job',
    '50-serving/service',
    '50-serving/settings',
    '50-serving/triton',
    '60-measurement/settings',
    '60-measurement/job',
    '70-conductor/account',
    '70-conductor/program',
    '70-conductor/role',
    '70-conductor/binding',
    '70-conductor/job',
  ]);
});

describe('starting order', () => {
  it('holds every pod but the conductor back by its gate, and no field that a second apply would set back', () => {
    for (const [kind, name] of [
      ['Job', 'create-models-'],
      ['Job', 'build-engines-'],
      ['Deployment', 'triton-'],
      ['Job', 'measure-'],
    ] as const) {
      const manifest = page.get(kind, name);
      expect(podOf(manifest)['schedulingGates']).toEqual([{ name: 'hps-bench/conductor' }]);
      expect(manifest['spec']).not.toHaveProperty('suspend');
      expect(manifest['spec']).not.toHaveProperty('replicas');
    }
    expect(podOf(page.get('Job', 'conductor-'))).not.toHaveProperty('schedulingGates');
  });

  it('is in a plan that the conductor accepts, with the names of what was made', () => {
    const plan = planOf(page, 'conductor-');
    const { stages } = plan;
    const jobs = [stages['create-models'].job, stages['build-engines']?.job, stages.measure.job, plan.conductorJob];
    expect(names(page, 'Job').sort()).toEqual(jobs.map((job) => `Job/${job ?? ''}`).sort());
    expect(names(page, 'Deployment')).toEqual([`Deployment/${stages.serve.deployment}`]);
    expect(plan.measurements).toBe(440);
    expect(plan.limits.runSeconds).toBeLessThan(
      (page.get('Job', 'conductor-')['spec'] as { activeDeadlineSeconds: number }).activeDeadlineSeconds,
    );
  });
});

describe('names', () => {
  const changed = (...set: string[]): string[] => {
    const before = names(page);
    return names(rendered('a100-page', ...set)).filter((name) => !before.includes(name));
  };

  it('stay for what another run shares, and change for what is its own', () => {
    expect(changed('cluster.runId=run-2').map((name) => name.replace(/-[0-9a-f]{8}/, ''))).toEqual([
      'ConfigMap/settings-measure',
      'Job/measure-run-2',
      'ConfigMap/conductor',
      'Role/conductor-run-2',
      'RoleBinding/conductor-run-2',
      'Job/conductor-run-2',
    ]);
  });

  it('change for every stage that a changed spec changes, and for no other', () => {
    expect(changed('repeats=3').join()).not.toMatch(/create-models|build-engines|triton/);
    expect(changed('model.seed=1').join()).toMatch(/create-models.*build-engines.*triton.*measure.*conductor/);
    expect(changed('perfAnalyzer.windowMs=4000').join()).toMatch(/measure.*conductor/);
    expect(changed('cluster.stages.serve.cpu=16').join()).not.toMatch(/create-models|build-engines/);
  });
});

describe('every pod', () => {
  it('is what Pod Security restricted asks for, with an account only for the conductor', () => {
    const pods = page.objects.filter(({ manifest }) => ['Job', 'Deployment'].includes(manifest.kind ?? ''));
    expect(pods).toHaveLength(5);
    for (const { manifest } of pods) {
      const pod = podOf(manifest) as {
        securityContext: object;
        automountServiceAccountToken: boolean;
        containers: { securityContext: object }[];
        initContainers?: { securityContext: object }[];
      };
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext } of [...pod.containers, ...(pod.initContainers ?? [])])
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        });
      expect(pod.automountServiceAccountToken).toBe(manifest.metadata?.name?.startsWith('conductor-'));
    }
  });

  it('with a GPU has one in quotes, and without one sees none', () => {
    expect(page.files.get('50-serving.k8s.yaml')).toContain('nvidia.com/gpu: "1"');
    for (const file of ['30-models', '60-measurement', '70-conductor']) {
      expect(page.files.get(`${file}.k8s.yaml`)).not.toMatch(/nvidia\.com\/gpu: /);
      expect(page.files.get(`${file}.k8s.yaml`)).toMatch(/name: NVIDIA_VISIBLE_DEVICES\n +value: void/);
    }
  });

  it('gets the options of the spec', () => {
    const set = [
      'cluster.runtimeClass=nvidia',
      'cluster.pullSecrets=[ngc]',
      'cluster.priorityClass=benchmark',
      'cluster.queue=team-a',
      'cluster.tolerations=[{key: dedicated, operator: Equal, value: gpu, effect: NoSchedule}]',
    ];
    const all = rendered('a100-page', ...set);
    const triton = all.get('Deployment', 'triton-');
    expect(podOf(triton)).toMatchObject({
      runtimeClassName: 'nvidia',
      priorityClassName: 'benchmark',
      imagePullSecrets: [{ name: 'ngc' }],
      tolerations: [
        { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
      ],
    });
    expect(triton.metadata?.labels).toHaveProperty(['kueue.x-k8s.io/queue-name'], 'team-a');
    expect(podOf(all.get('Job', 'measure-'))).not.toHaveProperty('runtimeClassName');
    expect(all.get('Job', 'conductor-').metadata?.labels).not.toHaveProperty(['kueue.x-k8s.io/queue-name']);
  });
});

describe('isolation: variant', () => {
  it('gives every variant a Triton, a measuring Job and a result of its own, on shared artifacts', () => {
    const apart = rendered('a100-page', 'cluster.isolation=variant');
    expect(names(apart, 'Deployment')).toHaveLength(4);
    expect(names(apart, 'Job').filter((name) => name.includes('create-models'))).toEqual(
      names(page, 'Job').filter((name) => name.includes('create-models')),
    );
    const plans = names(apart, 'ConfigMap')
      .filter((name) => name.startsWith('ConfigMap/conductor-'))
      .map((name) => planOf(apart, name.replace('ConfigMap/', '')));
    expect(plans.map(({ variants }) => variants)).toEqual([
      ['native_tf'],
      ['tf_with_hps'],
      ['fp32_trt_with_hps'],
      ['fp16_trt_with_hps'],
    ]);
    expect(new Set(plans.map(({ runId }) => runId)).size).toBe(4);
    expect(plans.map(({ measurements }) => measurements)).toEqual([110, 110, 110, 110]);
    expect(new Set(plans.map(({ stages }) => stages['create-models'].job)).size).toBe(1);
  });
});
