import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSpec, type Spec } from '../spec/index.js';
import {
  boundsOf,
  bytesOf,
  cpuQuantity,
  cpusOf,
  keyed,
  keyInName,
  keyOf,
  memoryQuantity,
  NO_KEY,
  placement,
  probeBudget,
  sizeOf,
  startupProbe,
} from './index.js';

const spec = (...set: string[]): Spec => loadSpec({ preset: 'a100-page', set });

describe('quantities', () => {
  it('are written as Kubernetes writes them back', () => {
    expect([2 ** 33, 2 ** 33 + 2 ** 20, 1000, 1].map(memoryQuantity)).toEqual(['8Gi', '8193Mi', '1000', '1']);
    expect([1, 0.5, 0.25, 16].map(cpuQuantity)).toEqual(['1', '500m', '250m', '16']);
  });

  it('keep their amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.integer({ min: 1, max: 512_000 }), (bytes, thousandths) => {
        expect(bytesOf(memoryQuantity(bytes))).toBe(bytes);
        expect(cpusOf(cpuQuantity(thousandths / 1000))).toBeCloseTo(thousandths / 1000, 9);
      }),
    );
  });

  it('refuse what no machine has', () => {
    expect(() => memoryQuantity(0)).toThrow('memory of 0 bytes; allowed: a whole number above 0');
    expect(() => memoryQuantity(1.5)).toThrow('1.5');
    expect(() => cpuQuantity(0)).toThrow('0 CPUs');
    expect([bytesOf('8 Gi'), bytesOf('8Qi'), cpusOf('four')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('names', () => {
  const job = (content: string) => (key: string) =>
    [
      { kind: 'Job', metadata: { name: `measure-${key}-run-1` }, spec: { content, own: `measure-${key}-run-1` } },
    ] as const;

  it('carry what is in the object, though the object names itself', () => {
    const [made] = keyed(job('a'));
    const key = keyInName(made.metadata.name) ?? '';
    expect(made.spec.own).toBe(made.metadata.name);
    expect(keyOf([made], key)).toBe(key);
    expect(key).not.toBe(NO_KEY);
    expect(keyed(job('b'))[0].metadata.name).not.toBe(made.metadata.name);
    expect(keyed(job('a'))[0]).toEqual(made);
  });

  it('have one key for objects that name each other', () => {
    const pair = (text: string) => (key: string) =>
      [
        { kind: 'ConfigMap', metadata: { name: `plan-${key}` }, data: { job: `job-${key}`, text } },
        { kind: 'Job', metadata: { name: `job-${key}` }, spec: { mounts: `plan-${key}` } },
      ] as const;
    const [map, made] = keyed(pair('one'));
    expect(map.data.job).toBe(made.metadata.name);
    expect(made.spec.mounts).toBe(map.metadata.name);
    expect(keyed(pair('two'))[1].metadata.name).not.toBe(made.metadata.name);
  });

  it('are not mistaken for keys when they have none', () => {
    expect(['triton', 'results-run-1', 'a-1234567-b', 'a-123456789', 'measure-deadbeef-x'].map(keyInName)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'deadbeef',
    ]);
  });
});

describe('placement', () => {
  const required = (...set: string[]) =>
    placement(spec(...set).cluster).affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms;

  it('asks for whole GPUs of the product in both spellings, in one term', () => {
    for (const product of ['A100-SXM4-80GB', 'NVIDIA-A100-SXM4-80GB'])
      expect(required(`cluster.gpuProduct=${product}`)).toEqual([
        {
          matchExpressions: [
            { key: 'nvidia.com/gpu.product', operator: 'In', values: ['A100-SXM4-80GB', 'NVIDIA-A100-SXM4-80GB'] },
            { key: 'nvidia.com/gpu.sharing-strategy', operator: 'NotIn', values: ['time-slicing', 'mps'] },
          ],
        },
      ]);
  });

  it('knows the labels of GKE and the instance types of EKS', () => {
    expect(required('cluster.nodeLabels=gke')?.[0]?.matchExpressions?.[0]).toEqual({
      key: 'cloud.google.com/gke-accelerator',
      operator: 'In',
      values: ['nvidia-a100-80gb'],
    });
    expect(required('cluster.nodeLabels=eks')?.[0]?.matchExpressions?.[0]?.values).toEqual(['p4de.24xlarge']);
  });

  it('names a node without passing over the scheduler, still in one term', () => {
    const terms = required('cluster.nodeName=gpu-1.example');
    expect(terms).toHaveLength(1);
    expect(terms?.[0]?.matchFields).toEqual([{ key: 'metadata.name', operator: 'In', values: ['gpu-1.example'] }]);
    expect(terms?.[0]?.matchExpressions).toHaveLength(2);
  });

  it('asks for nothing in a run without a GPU', () => {
    expect(placement(loadSpec({ preset: 'cluster-cpu' }).cluster)).toEqual({});
  });
});

describe('sizes and bounds', () => {
  it('give the published page what its sizes call for, in whole CPUs', () => {
    const sizes = (['createModels', 'buildEngines', 'serve', 'measure'] as const).map((stage) => sizeOf(spec(), stage));
    expect(sizes.map(({ memory }) => memory)).toEqual(['32Gi', '64Gi', '96Gi', '8Gi']);
    for (const { cpu } of sizes) expect(cpu).toMatch(/^[1-9]\d*$/);
  });

  it('take what the spec says', () => {
    const chosen = spec('cluster.stages.serve={cpu: 16, memory: 131072Mi}');
    expect(sizeOf(chosen, 'serve')).toEqual({ cpu: '16', memory: '128Gi' });
    expect(boundsOf(spec('cluster.stages.serve.deadlineMinutes=7')).startup).toBe(420);
  });

  it('grow with the table', () => {
    const small = boundsOf(spec('model.scale=0.01'));
    const whole = boundsOf(spec());
    for (const stage of ['createModels', 'buildEngines', 'startup'] as const)
      expect(whole[stage]).toBeGreaterThan(small[stage]);
    // One table of 16.75 GB read at 50 MB/s, twice: HPS has one, the SavedModel another.
    expect(whole.startup).toBeGreaterThan((2 * 16.75e9) / 50e6);
  });

  it('leave room for every measurement at its deadline, and for the runs before', () => {
    const { measure, run, job } = boundsOf(spec());
    expect(measure).toBeGreaterThanOrEqual(440 * (300 + 10));
    expect(job).toBeGreaterThan(run);
    expect(boundsOf(spec(), 4).job).toBeGreaterThan(4 * run);
  });

  it('turn a bound into a startup probe that allows it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (seconds) => {
        expect(probeBudget(startupProbe('/ready', 8000, seconds))).toBeGreaterThanOrEqual(seconds);
      }),
    );
  });
});
