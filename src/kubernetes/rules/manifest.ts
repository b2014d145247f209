import type { V1Container, V1PodSpec } from '@kubernetes/client-node';

/** Any manifest, read as far as the rules need it; what is wrong with it may be anything. */
export interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** A manifest and the construct (or file) it comes from. */
export interface Located {
  readonly path: string;
  readonly manifest: Manifest;
}

/** What the rules must know besides the manifests. */
export interface Facts {
  /** GPUs the run may hold at once; in a fleet what its nodes have counts. */
  readonly gpus: number;
  /** GPUs of each node of the fleet by name; empty: no fleet. */
  readonly nodes: ReadonlyMap<string, number>;
  /**
   * Names of Jobs and Deployments that the conductor lets run at the same time, one list for each moment of the run.
   * What carries no gate may run at any moment and is in no list.
   */
  readonly moments: readonly (readonly string[])[];
  /** Seconds that Triton may need until all its models are ready. */
  readonly startupSeconds: number;
  /** Seconds that Triton waits for requests in flight before it ends. */
  readonly exitTimeoutSeconds: number;
}

/** One thing that cannot work: where, the value, why, and what to do. */
export interface Violation {
  readonly object: Located;
  /** Dotted path in the manifest; empty for all of it. */
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

export interface RuleInput {
  readonly objects: readonly Located[];
  readonly facts: Facts;
}
export type Rule = (input: RuleInput) => Violation[];

export const nameOf = ({ manifest }: Located): string => manifest.metadata?.name ?? '';
export const namespaceOf = ({ manifest }: Located): string => manifest.metadata?.namespace ?? '';
export const kindOf = ({ manifest }: Located): string => manifest.kind ?? '';

/** A pod that an object makes. */
export interface PodOf {
  readonly object: Located;
  /** Dotted path of the pod's spec. */
  readonly where: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: V1PodSpec;
  /** Pods of the kind that may exist at once. */
  readonly count: number;
}

const seen = new WeakMap<readonly Located[], PodOf[]>();

/** Pods of Jobs, Deployments and bare pods. Every rule asks for them, so they are kept with the list of objects. */
export function podsOf(objects: readonly Located[]): PodOf[] {
  const pods = seen.get(objects) ?? objects.flatMap(podsOfObject);
  seen.set(objects, pods);
  return pods;
}

function podsOfObject(object: Located): PodOf[] {
  if (kindOf(object) === 'Pod') {
    const labels = object.manifest.metadata?.labels ?? {};
    return [{ object, where: 'spec', labels, spec: withContainers(object.manifest['spec']), count: 1 }];
  }
  if (!['Job', 'Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet'].includes(kindOf(object))) return [];
  const spec = (object.manifest['spec'] ?? {}) as Owner;
  return [
    {
      object,
      where: 'spec.template.spec',
      labels: spec.template?.metadata?.labels ?? {},
      spec: withContainers(spec.template?.spec),
      count: podCount(kindOf(object), spec),
    },
  ];
}

/** A pod's spec as far as it is one: what lacks its containers is told by the rule on fields. */
function withContainers(spec: unknown): V1PodSpec {
  return { containers: [], ...(spec as Partial<V1PodSpec> | undefined) };
}

interface Owner {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly strategy?: { readonly type?: string };
  readonly template?: { readonly metadata?: { readonly labels?: Record<string, string> }; readonly spec?: V1PodSpec };
}

/** A rolling update has one pod more than the replicas (maxSurge 25 %, rounded up). */
function podCount(kind: string, { replicas = 1, parallelism = 1, strategy }: Owner): number {
  if (kind === 'Job') return parallelism;
  return kind === 'Deployment' && strategy?.type !== 'Recreate' ? replicas + Math.ceil(replicas / 4) : replicas;
}

/** Init containers and containers with their dotted paths. */
export function containersOf(pod: PodOf): { container: V1Container; where: string }[] {
  const list = (items: V1Container[] | undefined, key: string) =>
    (items ?? []).map((container, index) => ({ container, where: `${pod.where}.${key}[${index}]` }));
  return [...list(pod.spec.initContainers, 'initContainers'), ...list(pod.spec.containers, 'containers')];
}

/** Calls `visit` for every value below `value` with its dotted path. */
export function walk(value: unknown, visit: (value: unknown, where: string, key: string) => void, where = ''): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${where}[${key}]` : join(where, key);
    visit(item, at, key);
    walk(item, visit, at);
  }
}

export function join(where: string, key: string): string {
  const part = /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
  return where === '' ? part : `${where}.${part}`;
}
