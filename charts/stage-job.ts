import type { Construct } from 'constructs';
import {
  apiObject,
  job,
  type JobProps,
  keyed,
  podTemplate,
  type PodProps,
  REPLACEMENTS,
} from '../src/kubernetes/index.js';

export interface StageJobProps
  extends
    Pick<JobProps, 'namespace' | 'labels' | 'activeDeadlineSeconds' | 'failurePolicy'>,
    Pick<PodProps, 'cluster' | 'initContainers' | 'containers' | 'mounts' | 'placement'> {
  /** Name of the Job by the key of its content. */
  readonly name: (key: string) => string;
  /** Bound of one pod from its start, in s. */
  readonly podSeconds: number;
}

/** Adds the Job of a stage, whose pod waits for the conductor behind the gate. @returns the Job's name */
export function stageJob(scope: Construct, id: string, props: StageJobProps): string {
  const { namespace, labels, cluster, activeDeadlineSeconds, failurePolicy } = props;
  const template = podTemplate({
    labels,
    cluster,
    ...(props.initContainers === undefined ? {} : { initContainers: props.initContainers }),
    containers: props.containers,
    mounts: props.mounts,
    placement: props.placement,
    gated: true,
    terminationGracePeriodSeconds: 60,
    activeDeadlineSeconds: props.podSeconds,
    restartPolicy: 'Never',
  });
  const [made] = keyed((key) => [
    job({
      name: props.name(key),
      namespace,
      labels,
      template,
      activeDeadlineSeconds,
      backoffLimit: REPLACEMENTS,
      failurePolicy,
      ...(cluster.queue === undefined ? {} : { queue: cluster.queue }),
    }),
  ]);
  apiObject(scope, id, made);
  return nameOf(made);
}

export function nameOf(object: { metadata?: { name?: string } }): string {
  return object.metadata?.name ?? '';
}
