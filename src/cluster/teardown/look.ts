import type { Job, Lease, Pod } from '../../../jobs/conductor/objects.js';
import { FLOOR_LEASE, type AnyPlan } from '../../../jobs/conductor/plan.js';
import { type Client, JOBS, type KubernetesObject, LEASES, PODS, VOLUME_CLAIMS } from '../client/index.js';
import { isDoomed, REMOVED, type Doomed } from './objects.js';

/** Label that every object of the kit has. */
export const OURS = 'app.kubernetes.io/name=hps-bench';

/** A volume claim, as far as it is told. */
export interface Claim {
  readonly name: string;
  /** Its size, such as `64Gi`; undefined before it is bound. */
  readonly capacity: string | undefined;
}

/** What is there of a run, or of all. */
export interface Remains {
  readonly doomed: readonly Doomed[];
  readonly claims: readonly Claim[];
  /** Ids of all runs of the namespace. */
  readonly runs: readonly string[];
  /** What their conductors had to do. */
  readonly plans: readonly AnyPlan[];
}

type Listed = KubernetesObject & { readonly data?: Readonly<Record<string, string>> };

export type StagePod = Pod & KubernetesObject;

/** @param run undefined: all of them @throws ClusterError */
export async function remains(client: Client, run: string | undefined): Promise<Remains> {
  const doomed: Doomed[] = [];
  const runs = new Set<string>();
  const plans: AnyPlan[] = [];
  for (const resource of REMOVED)
    for (const object of (await client.list<Listed>(resource, { labelSelector: OURS })).items) {
      const id = object.metadata.labels?.['hps-bench/run'];
      if (id !== undefined) runs.add(id);
      const plan = object.data?.['plan.json'];
      if (plan !== undefined) plans.push(JSON.parse(plan) as AnyPlan);
      if (isDoomed(object, run)) doomed.push({ resource, object });
    }
  const floor = await floorHolder(client);
  const ownsFloor = run !== undefined && floor === run;
  const lease = ownsFloor ? await client.get(LEASES, FLOOR_LEASE) : undefined;
  return {
    doomed: lease === undefined ? doomed : [...doomed, { resource: LEASES, object: lease }],
    claims: await claims(client),
    runs: [...runs].sort(),
    plans,
  };
}

/** The run that measures in this namespace now; undefined if none does. */
export async function floorHolder(client: Client): Promise<string | undefined> {
  const lease = await client.get<Lease>(LEASES, FLOOR_LEASE);
  const holder = lease?.spec?.holderIdentity;
  return holder === undefined || holder === null || holder === '' ? undefined : holder;
}

export async function claims(client: Client): Promise<Claim[]> {
  type Stored = KubernetesObject & { readonly status?: { readonly capacity?: { readonly storage?: string } } };
  const { items } = await client.list<Stored>(VOLUME_CLAIMS, { labelSelector: OURS });
  return items.map(({ metadata, status }) => ({ name: metadata.name, capacity: status?.capacity?.storage }));
}

export async function pods(client: Client): Promise<readonly StagePod[]> {
  return (await client.list<StagePod>(PODS, { labelSelector: OURS })).items;
}

export async function jobs(client: Client): Promise<readonly (Job & KubernetesObject)[]> {
  return (await client.list<Job & KubernetesObject>(JOBS, { labelSelector: OURS })).items;
}

export const stageOf = ({ metadata }: KubernetesObject): string | undefined => metadata.labels?.['hps-bench/stage'];
export const runOf = ({ metadata }: KubernetesObject): string | undefined => metadata.labels?.['hps-bench/run'];
