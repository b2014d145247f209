import { describe, expect, it } from 'vitest';
import { inventorySchema } from '../../spec/index.js';
import { inventoryOf } from './inventory.js';
import { type Node, verdictOf } from './node.js';

interface Wanted {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly allocatable?: Readonly<Record<string, string>>;
  readonly spec?: Node['spec'];
  readonly ready?: string;
}

/** As a DGX A100 with GPU Feature Discovery looks, but for what is wanted. */
function node({ name = 'gpu-1', labels, capacity, allocatable, spec, ready = 'True' }: Wanted = {}): Node {
  const discovered = {
    ...{ 'nvidia.com/gpu.present': 'true', 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB', pool: 'a' },
    ...{ 'nvidia.com/gpu.sharing-strategy': 'none', 'nvidia.com/gpu.replicas': '1', 'nvidia.com/mig.capable': 'true' },
    ...{ 'nvidia.com/cuda.driver-version.full': '535.104.05', 'feature.node.kubernetes.io/cpu-model.id': '1' },
  };
  const has = capacity ?? { cpu: '256', 'nvidia.com/gpu': '8' };
  return {
    metadata: { name, labels: labels ?? discovered },
    spec: spec ?? {},
    status: {
      capacity: has,
      allocatable: allocatable ?? has,
      conditions: [{ type: 'Ready', status: ready, reason: 'Kubelet' }],
    },
  };
}

const reasonOf = (wanted: Wanted): string => {
  const verdict = verdictOf(node(wanted));
  return verdict.kind === 'excluded' ? verdict.node.reason : verdict.kind;
};

describe('a node with whole GPUs', () => {
  it('is listed with product, count and driver, and labels that select', () => {
    expect(verdictOf(node())).toMatchObject({
      kind: 'node',
      node: {
        name: 'gpu-1',
        product: 'A100-SXM4-80GB',
        gpus: 8,
        driver: '535.104.05',
        taints: [],
        labels: { pool: 'a' },
      },
      warning: null,
    });
    expect(JSON.stringify(verdictOf(node()))).not.toContain('feature.node');
  });

  it('is told by the labels of GKE and EKS too', () => {
    const gke = { 'cloud.google.com/gke-accelerator': 'nvidia-h100-80gb' };
    const eks = { 'node.kubernetes.io/instance-type': 'p4de.24xlarge' };
    const product = (labels: Record<string, string>): unknown => {
      const verdict = verdictOf(node({ labels }));
      return verdict.kind === 'node' ? verdict.node.product : verdict.kind;
    };
    expect([product(gke), product(eks), product({})]).toEqual(['H100-80GB-HBM3', 'A100-SXM4-80GB', null]);
  });

  it('with a broken GPU is listed with the others, and a warning', () => {
    expect(verdictOf(node({ allocatable: { 'nvidia.com/gpu': '7' } }))).toMatchObject({
      node: { gpus: 7 },
      warning: '7 of 8 GPUs are allocatable: the others are unhealthy',
    });
  });

  it('keeps taints that no pod tolerates by custom', () => {
    const taints = [
      { key: 'nvidia.com/gpu', effect: 'NoSchedule' },
      { key: 'team', value: 'ml', effect: 'NoExecute' },
    ];
    expect(verdictOf(node({ spec: { taints } }))).toMatchObject({ node: { taints: ['team=ml:NoExecute'] } });
  });
});

describe('a node is left out, with the reason,', () => {
  const product = (name: string): Record<string, string> => ({ 'nvidia.com/gpu.product': name });
  it.each<[string, Wanted, RegExp]>([
    [
      'whose GPUs are slices of strategy single',
      { labels: product('A100-SXM4-80GB-MIG-1g.10gb') },
      /MIG slices .*MIG-1g/,
    ],
    [
      'whose GPUs are slices of strategy mixed',
      { capacity: { 'nvidia.com/mig-1g.10gb': '7' } },
      /MIG slices \(nvidia.com\/mig-1g.10gb: 7\)/,
    ],
    [
      'whose GPUs are slices on GKE',
      {
        labels: {
          'cloud.google.com/gke-accelerator': 'nvidia-a100-80gb',
          'cloud.google.com/gke-gpu-partition-size': '1g.5gb',
        },
      },
      /MIG slices \(gke-gpu-partition-size/,
    ],
    [
      'whose GPUs are time-sliced',
      { labels: { ...product('A100'), 'nvidia.com/gpu.sharing-strategy': 'time-slicing' } },
      /shared \(sharing strategy time-slicing/,
    ],
    [
      'whose GPUs are shared under their own name',
      { capacity: { 'nvidia.com/gpu.shared': '16' } },
      /shared \(resource nvidia.com\/gpu.shared/,
    ],
    ['whose product says so', { labels: product('A100-SXM4-80GB-SHARED') }, /shared \(nvidia.com\/gpu.product: A100/],
    ['with replicas', { labels: { ...product('A100'), 'nvidia.com/gpu.replicas': '4' } }, /shared by 4/],
    ['that is cordoned', { spec: { unschedulable: true } }, /cordoned/],
    ['that is not ready', { ready: 'Unknown' }, /not ready \(Kubelet\)/],
    ['without a device plug-in', { capacity: {} }, /no resource nvidia.com\/gpu: does NVIDIA's device plug-in run/],
    ['with broken GPUs only', { allocatable: { 'nvidia.com/gpu': '0' } }, /none of its GPUs is allocatable/],
  ])('%s', (_what, wanted, reason) => {
    expect(reasonOf(wanted)).toMatch(reason);
  });

  it('but is no matter where it never had a GPU', () => {
    expect(reasonOf({ labels: {}, capacity: { cpu: '8' } })).toBe('no GPU');
  });
});

describe('an inventory', () => {
  const nodes = [node({ name: 'gpu-2' }), node({ name: 'gpu-1' }), node({ name: 'cpu', labels: {}, capacity: {} })];
  it('is the same whatever the order of the nodes, and reads as fleet.inventory', () => {
    const { inventory, others } = inventoryOf('https://c', nodes);
    expect(inventory.nodes.map(({ name }) => name)).toEqual(['gpu-1', 'gpu-2']);
    expect(others).toBe(1);
    expect(inventoryOf('https://c', [...nodes].reverse()).inventory).toEqual(inventory);
    expect(inventorySchema.parse(JSON.parse(JSON.stringify(inventory)))).toEqual(inventory);
  });
});
