import type { KubernetesObject } from '../client/index.js';

/** Annotation of a measuring Job: its results folder on the volume, where it is not the run's own. */
export const RESULTS_ANNOTATION = 'hps-bench/results';

/** The fields of a pod that a collection looks at, as the API server sends them. Everything may be missing but names. */
export interface Pod extends KubernetesObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly activeDeadlineSeconds?: number;
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

export interface Job extends KubernetesObject {
  readonly spec?: {
    readonly suspend?: boolean;
    readonly completionMode?: string;
    readonly completions?: number;
    readonly template?: { readonly spec?: unknown };
  };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly active?: number };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Terminated {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly finishedAt?: string | null;
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Terminated;
}

export const containersOf = (pod: Pod): readonly ContainerStatus[] => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

/** The measuring container: the only one of its kind, by the kit's manifests. */
export const mainOf = (pod: Pod): ContainerStatus | undefined => pod.status?.containerStatuses?.[0];

export const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Whether its main container ever began, so that there may be a log. */
export function hasBegun(pod: Pod): boolean {
  const main = mainOf(pod);
  return main?.state?.running !== undefined || main?.state?.terminated !== undefined || (main?.restartCount ?? 0) > 0;
}

export const uidOf = (pod: Pod): string => pod.metadata.uid ?? pod.metadata.name;

/** The Job that a pod is of, by the label that the Job controller gives it. */
export const jobNameOf = (pod: Pod): string =>
  pod.metadata.labels?.['batch.kubernetes.io/job-name'] ?? pod.metadata.labels?.['job-name'] ?? '';

/** The pod's number, by the label that the Job controller gives pods of indexed Jobs (Kubernetes 1.28). */
export const indexOf = (pod: Pod): number =>
  Number(pod.metadata.labels?.['batch.kubernetes.io/job-completion-index'] ?? 0);

/** Only what a collection looks at: ten thousand pods must not fill the memory with managed fields. */
export function slim(pod: Pod): Pod {
  const { name, uid, labels, creationTimestamp, deletionTimestamp, resourceVersion } = pod.metadata;
  return {
    metadata: {
      name,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      ...(labels === undefined ? {} : { labels }),
    },
    spec: {
      ...(pod.spec?.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      ...(pod.spec?.schedulingGates === undefined ? {} : { schedulingGates: pod.spec.schedulingGates }),
    },
    ...(pod.status === undefined ? {} : { status: slimStatus(pod.status) }),
  };
}

function slimStatus(status: NonNullable<Pod['status']>): NonNullable<Pod['status']> {
  const { phase, reason, message, conditions, initContainerStatuses, containerStatuses } = status;
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    conditions: (conditions ?? []).filter((one) => one.status !== 'True' || one.type === 'DisruptionTarget'),
    initContainerStatuses: (initContainerStatuses ?? []).map(slimContainer),
    containerStatuses: (containerStatuses ?? []).map(slimContainer),
  };
}

const slimContainer = ({ name, restartCount = 0, state = {}, lastState = {} }: ContainerStatus): ContainerStatus => ({
  ...{ name, restartCount, state, lastState },
});

/** The same for a Job: its conditions, and what tells its unit and its volume. */
export function slimJob(job: Job): Job {
  const { name, uid, resourceVersion, labels, annotations } = job.metadata;
  const template = job.spec?.template?.spec as { volumes?: unknown } | undefined;
  const results = annotations?.[RESULTS_ANNOTATION];
  return {
    metadata: {
      name,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(labels === undefined ? {} : { labels }),
      ...(results === undefined ? {} : { annotations: { [RESULTS_ANNOTATION]: results } }),
    },
    spec: { ...slimSpec(job.spec ?? {}), template: { spec: { volumes: template?.volumes } } },
    status: { conditions: job.status?.conditions ?? [] },
  };
}

const slimSpec = ({
  suspend = false,
  completionMode = 'NonIndexed',
  completions = 1,
}: NonNullable<Job['spec']>): NonNullable<Job['spec']> => ({ suspend, completionMode, completions });
