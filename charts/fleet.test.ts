import { beforeAll, describe, expect, it } from 'vitest';
import { checkPlan, type FleetPlan } from '../jobs/conductor/plan.js';
import { permissions } from '../jobs/conductor/permissions.js';
import { gpusOfPod } from '../src/kubernetes/rules/gpus.js';
import { podsOf } from '../src/kubernetes/rules/manifest.js';
import { specHash } from '../src/spec/index.js';
import { rendered, type Rendered } from './testing.js';

const RWX = 'cluster.storage.accessMode=ReadWriteMany';
let fleet: Rendered;
beforeAll(() => {
  fleet = rendered('a100-page', 'fleet={nodes: [gpu-2, {name: gpu-1, gpus: 4}], gpusPerNode: 2}', RWX);
});

const jobsOf = (from: Rendered) => podsOf(from.objects).filter(({ labels }) => labels['hps-bench/unit'] !== undefined);
const namesIn = (pod: ReturnType<typeof jobsOf>[number] | undefined): string[] =>
  [...(pod?.spec.initContainers ?? []), ...(pod?.spec.containers ?? [])].map(({ name }) => name);

describe('the charts of a fleet', () => {
  it('have one file for all nodes in place of Deployment and measuring Job', () => {
    expect([...fleet.files.keys()].map((name) => name.replace('.k8s.yaml', ''))).toEqual([
      ...['00-namespace', '10-storage', '20-programs', '30-models', '60-fleet', '70-conductor'],
    ]);
  });

  it('make an indexed Job for each node, a pod for each GPU, bound to its node', () => {
    expect(jobsOf(fleet).map(({ labels, count }) => [labels['hps-bench/unit'], count])).toEqual([
      ['gpu-1', 4],
      ['gpu-2', 2],
    ]);
    for (const { object, labels, spec } of jobsOf(fleet)) {
      const node = labels['hps-bench/unit'];
      expect(object.manifest['spec']).toMatchObject({ completionMode: 'Indexed', backoffLimitPerIndex: 0 });
      expect(JSON.stringify(spec.affinity)).toContain(
        `"key":"metadata.name","operator":"In","values":["${node ?? ''}"]`,
      );
      expect(spec.schedulingGates).toEqual([{ name: 'hps-bench/conductor' }]);
    }
  });

  it('ask for exactly one GPU a pod: the builder before Triton, measuring without one', () => {
    const [first] = jobsOf(fleet);
    expect(namesIn(first)).toEqual(['copy-models', 'build-engines', 'triton', 'measure']);
    expect(jobsOf(fleet).map(gpusOfPod)).toEqual([1, 1]);
    expect(first?.spec.initContainers?.map(({ restartPolicy }) => restartPolicy)).toEqual([
      undefined,
      undefined,
      'Always',
    ]);
  });

  it('hold the whole node in mode node, and measure on one GPU of it', () => {
    const whole = rendered('a100-page', 'fleet={nodes: [gpu-1, gpu-2], mode: node}', RWX);
    expect(jobsOf(whole).map((pod) => [gpusOfPod(pod), pod.count])).toEqual([
      [8, 1],
      [8, 1],
    ]);
    const [pod] = jobsOf(whole);
    expect(namesIn(pod)).toEqual(['copy-models', 'hold-gpus', 'build-engines', 'triton', 'measure']);
    const triton = pod?.spec.initContainers?.at(-1);
    expect(triton?.resources?.limits?.['nvidia.com/gpu']).toBe('1');
  });

  it('build no engines where no variant needs one', () => {
    const page = rendered('a100-page', 'fleet.nodes=[gpu-1]', 'variants=[native_tf]', RWX);
    expect(namesIn(jobsOf(page)[0])).toEqual(['copy-models', 'triton', 'measure']);
  });

  it('give each pod a folder of results of its own, named by node and number', () => {
    const [job] = jobsOf(fleet);
    const env = job?.spec.containers[0]?.env ?? [];
    expect(env.find(({ name }) => name === 'HPS_BENCH_UNIT')?.value).toBe('gpu-1/$(HPS_BENCH_INDEX)');
    expect(job?.object.manifest.metadata?.annotations?.['hps-bench/results']).toMatch(
      /^\/data\/results\/run-1\/\w{12}\/gpu-1$/,
    );
  });

  it('name a node whose name is too long for a label by its beginning and a key', () => {
    const name = `${'a'.repeat(60)}.example.com`;
    const [job] = jobsOf(rendered('a100-page', `fleet.nodes=[${name}]`, RWX));
    expect(job?.labels['hps-bench/unit']).toMatch(/^a{50}-\w{12}$/);
    expect(job?.object.manifest.metadata?.annotations?.['hps-bench/node']).toBe(name);
  });

  it('put the queue on every Job that it is for', () => {
    const queued = rendered('a100-page', 'fleet.nodes=[gpu-1, gpu-2]', 'cluster.queue=gpus', RWX);
    const queue = 'kueue.x-k8s.io/queue-name';
    expect(jobsOf(queued).map(({ object }) => object.manifest.metadata?.labels?.[queue])).toEqual(['gpus', 'gpus']);
  });

  it('name no Job anew because the fleet has one more node', () => {
    const names = (nodes: string): (string | undefined)[] =>
      jobsOf(rendered('a100-page', `fleet.nodes=${nodes}`, RWX)).map(({ object }) => object.manifest.metadata?.name);
    expect(names('[a, b, c]').slice(0, 2)).toEqual(names('[a, b]'));
  });
});

describe('the plan of a fleet', () => {
  it('is a ConfigMap of its own, which the conductor reads', () => {
    const map = fleet.get('ConfigMap', 'plan-');
    const text = (map['data'] as Record<string, string>)['plan.json'] ?? '';
    const plan = checkPlan(JSON.parse(text), 'plan.json', specHash) as FleetPlan;
    expect(plan.stages.fleet).toMatchObject({
      selector: 'hps-bench/run=run-1,hps-bench/stage=measure',
      jobs: 2,
      pods: 6,
    });
    expect(plan.measurements).toBe(6 * 440);
    const role = fleet.get('Role', 'conductor-run-1');
    expect(role['rules']).toEqual(permissions(plan));
    expect(JSON.stringify(role['rules'])).not.toContain('deployments');
  });
});
