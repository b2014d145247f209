import { gpuNodes, type ExcludedNode, type InventoryNode, withoutVendor } from '../../spec/index.js';
import type { KubernetesObject } from '../client/index.js';

/** A node as the API server sends it, as far as it tells of GPUs. */
export interface Node extends KubernetesObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
  };
}

export type Verdict =
  | { readonly kind: 'node'; readonly node: InventoryNode; readonly warning: string | null }
  | { readonly kind: 'excluded'; readonly node: ExcludedNode }
  /** It has no GPU and nothing says that it should. */
  | { readonly kind: 'no GPU' };

const GPU = 'nvidia.com/gpu';
type Labels = Readonly<Record<string, string>>;

/** What a node is to a fleet: only whole GPUs that nobody shares, on a node that takes pods, can be measured. */
export function verdictOf(node: Node): Verdict {
  const { name, labels = {} } = node.metadata;
  const capacity = node.status?.capacity ?? {};
  if (!hasSign(labels, capacity)) return { kind: 'no GPU' };
  const reason = sharedBy(labels, capacity) ?? awayBecause(node) ?? withoutGpus(node);
  if (reason !== undefined) return { kind: 'excluded', node: { name, reason } };
  const [gpus, there] = [Number(node.status?.allocatable?.[GPU] ?? 0), Number(capacity[GPU] ?? 0)];
  return {
    kind: 'node',
    node: {
      name,
      product: productOf(labels),
      gpus,
      driver: driverOf(labels),
      taints: taintsOf(node),
      labels: kept(labels),
    },
    warning: gpus < there ? `${gpus} of ${there} GPUs are allocatable: the others are unhealthy` : null,
  };
}

function hasSign(labels: Labels, capacity: Labels): boolean {
  const resources = Object.keys(capacity).some((key) => key.startsWith('nvidia.com/'));
  return (
    resources || labels['nvidia.com/gpu.present'] === 'true' || labels['cloud.google.com/gke-accelerator'] !== undefined
  );
}

/** Slices and shares: their figures are not those of a GPU. */
function sharedBy(labels: Labels, capacity: Labels): string | undefined {
  const product = labels['nvidia.com/gpu.product'] ?? '';
  const slices = Object.entries(capacity).find(([key, count]) => key.startsWith('nvidia.com/mig-') && count !== '0');
  if (slices !== undefined) return `its GPUs are cut into MIG slices (${slices[0]}: ${slices[1]})`;
  if (product.includes('-MIG-')) return `its GPUs are cut into MIG slices (nvidia.com/gpu.product: ${product})`;
  const partition = labels['cloud.google.com/gke-gpu-partition-size'];
  if (partition !== undefined) return `its GPUs are cut into MIG slices (gke-gpu-partition-size: ${partition})`;
  const strategy = labels['nvidia.com/gpu.sharing-strategy'] ?? labels['cloud.google.com/gke-gpu-sharing-strategy'];
  if (strategy !== undefined && strategy !== 'none') return `its GPUs are shared (sharing strategy ${strategy})`;
  if (product.endsWith('-SHARED')) return `its GPUs are shared (nvidia.com/gpu.product: ${product})`;
  if (Number(capacity['nvidia.com/gpu.shared'] ?? 0) > 0) return 'its GPUs are shared (resource nvidia.com/gpu.shared)';
  const replicas = Number(labels['nvidia.com/gpu.replicas'] ?? 1);
  return replicas > 1 ? `its GPUs are shared by ${replicas} (nvidia.com/gpu.replicas)` : undefined;
}

function awayBecause({ spec, status }: Node): string | undefined {
  if (spec?.unschedulable === true) return 'it is cordoned: kubectl uncordon lets it take pods again';
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  return `it is not ready${ready?.reason === undefined ? '' : ` (${ready.reason})`}`;
}

function withoutGpus({ status }: Node): string | undefined {
  if (Number(status?.allocatable?.[GPU] ?? 0) > 0) return undefined;
  return Number(status?.capacity?.[GPU] ?? 0) > 0
    ? 'none of its GPUs is allocatable: all are unhealthy'
    : `it has labels of a GPU and no resource ${GPU}: does NVIDIA's device plug-in run there?`;
}

/** By GPU Feature Discovery, else by GKE's or EKS's label where it means one product. */
function productOf(labels: Labels): string | null {
  const told = labels['nvidia.com/gpu.product'];
  if (told !== undefined) return withoutVendor(told);
  const by = (map: ReturnType<typeof gpuNodes>, value: string | undefined): string | undefined =>
    Object.keys(map).find((product) => value !== undefined && map[product]?.includes(value));
  return (
    by(gpuNodes('gke'), labels['cloud.google.com/gke-accelerator']) ??
    by(gpuNodes('eks'), labels['node.kubernetes.io/instance-type']) ??
    null
  );
}

function driverOf(labels: Labels): string | null {
  const full = labels['nvidia.com/cuda.driver-version.full'];
  if (full !== undefined) return full;
  const parts = ['major', 'minor', 'rev'].map((part) => labels[`nvidia.com/cuda.driver.${part}`] ?? '');
  return parts[0] === '' ? null : parts.filter((part) => part !== '').join('.');
}

/** The customary one is tolerated by every pod with a GPU. */
function taintsOf({ spec }: Node): string[] {
  return (spec?.taints ?? [])
    .filter(({ key, effect }) => key !== GPU || effect !== 'NoSchedule')
    .map(({ key, value, effect }) => `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`);
}

/** Of the CPU's features alone a node has dozens. */
function kept(labels: Labels): Record<string, string> {
  const chosen = Object.entries(labels).filter(
    ([key]) => !/^feature\.node\.kubernetes\.io\/|^beta\.kubernetes\.io\//.test(key),
  );
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)));
}
