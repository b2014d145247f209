import type { V1Job, V1PodFailurePolicyRule, V1PodTemplateSpec } from '@kubernetes/client-node';
import { type Labels, QUEUE_LABEL } from './labels.js';

/** Exit codes of a program that was stopped from outside: SIGINT, SIGKILL, SIGTERM. */
const STOPPED = [130, 137, 143];

export interface JobProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly template: V1PodTemplateSpec;
  /** Bound of the whole Job from its creation, waiting for its turn included. */
  readonly activeDeadlineSeconds: number;
  /** Pods that may be killed and replaced; of each number, where they have one. */
  readonly backoffLimit: number;
  readonly failurePolicy: readonly V1PodFailurePolicyRule[];
  /** Pods with a number each, all at once; one that fails is not made again. @default one pod without a number */
  readonly indexed?: { readonly completions: number };
  readonly annotations?: Readonly<Record<string, string>>;
  /** @default the Job is not queued */
  readonly queue?: string;
}

/** A Job of one pod, or of one for each number. No TTL: one that is removed would be made and run again by whoever keeps the manifests applied. */
export function job(props: JobProps): V1Job {
  const { indexed } = props;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: props.name,
      namespace: props.namespace,
      labels: { ...props.labels, ...(props.queue === undefined ? {} : { [QUEUE_LABEL]: props.queue }) },
      ...(props.annotations === undefined ? {} : { annotations: { ...props.annotations } }),
    },
    spec: {
      activeDeadlineSeconds: props.activeDeadlineSeconds,
      ...(indexed === undefined
        ? { backoffLimit: props.backoffLimit }
        : {
            completionMode: 'Indexed',
            completions: indexed.completions,
            parallelism: indexed.completions,
            backoffLimitPerIndex: props.backoffLimit,
          }),
      podFailurePolicy: { rules: [...props.failurePolicy] },
      template: props.template,
    },
  };
}

/** A pod that was evicted or preempted is replaced without counting. */
const DISRUPTED: V1PodFailurePolicyRule = {
  action: 'Ignore',
  onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
};

/**
 * A program that ends with a code of its own fails the Job at once: it would fail again, and a retry would hide it. One
 * that was killed from outside is replaced up to backoffLimit times, and goes on with what is not there yet.
 */
export function failAtOnce(): V1PodFailurePolicyRule[] {
  return [DISRUPTED, { action: 'FailJob', onExitCodes: { operator: 'NotIn', values: STOPPED } }];
}

/** Whatever ends a pod but a disruption fails its number for good: a retry that nobody counts would hide what it was. */
export function failUnlessDisrupted(): V1PodFailurePolicyRule[] {
  return [DISRUPTED];
}

/** Only the codes that say "this cannot work" fail the Job; everything else is tried again. */
export function failOn(values: readonly number[]): V1PodFailurePolicyRule[] {
  return [DISRUPTED, { action: 'FailJob', onExitCodes: { operator: 'In', values: [...values] } }];
}
