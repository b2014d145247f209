import type { Job, Pod } from '../../../jobs/conductor/objects.js';
import type { AnyPlan } from '../../../jobs/conductor/plan.js';
import type { RunStatus } from '../../../jobs/conductor/status.js';
import type { MeasurementRecord } from '../../records/index.js';

/** An object with its labels. */
export type Labelled<T> = T & { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } };

export type SeenPod = Labelled<Pod> & {
  readonly spec?: {
    readonly containers?: readonly { readonly resources?: { readonly limits?: Readonly<Record<string, string>> } }[];
  };
};
export type SeenJob = Labelled<Job>;

export interface SeenDeployment {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly replicas?: number };
}

export interface SeenEvent {
  readonly metadata: { readonly creationTimestamp?: string; readonly resourceVersion?: string };
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly source?: { readonly component?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}

/** What a conductor published of one run. */
export interface Published {
  readonly status: RunStatus;
  readonly records: readonly MeasurementRecord[];
}

/** One look at a namespace. What may not be listed is empty, and `unseen` says so. */
export interface Seen {
  readonly at: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  /** By run id. */
  readonly published: ReadonlyMap<string, Published>;
  /** Plans by run id, as far as their ConfigMaps are there. */
  readonly plans: ReadonlyMap<string, AnyPlan>;
  readonly jobs: readonly SeenJob[];
  /** False where Jobs may not be listed. */
  readonly jobsKnown: boolean;
  readonly pods: readonly SeenPod[];
  readonly deployments: readonly SeenDeployment[];
  readonly events: readonly SeenEvent[];
  /** Why something could not be looked at, a line each. */
  readonly unseen: readonly string[];
}

/** The Job that conducts a run. */
export function conductorJob({ jobs }: Pick<Seen, 'jobs'>, run: string): SeenJob | undefined {
  return jobs.find(
    ({ metadata: { labels } }) => labels?.['hps-bench/stage'] === 'conductor' && labels['hps-bench/run'] === run,
  );
}

/** Ids of all runs that anything is left of: those that run first, then the newest. */
export function runsOf({ published, jobs }: Pick<Seen, 'published' | 'jobs'>): string[] {
  const conducted = jobs
    .filter(({ metadata }) => metadata.labels?.['hps-bench/stage'] === 'conductor')
    .map(({ metadata }) => metadata.labels?.['hps-bench/run'] ?? '');
  const ids = new Set([...published.keys(), ...conducted.filter((id) => id !== '')]);
  const began = (id: string): string =>
    published.get(id)?.status.startedAt ??
    jobs.find(({ metadata }) => metadata.labels?.['hps-bench/run'] === id)?.metadata.creationTimestamp ??
    '';
  const over = (id: string): number => ((published.get(id)?.status.finishedAt ?? null) === null ? 0 : 1);
  return [...ids].sort((a, b) => over(a) - over(b) || (began(a) < began(b) ? 1 : -1));
}
