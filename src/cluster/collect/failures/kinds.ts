/** Kinds of failures, one word each: what `--json` and tests know them by. */
export type FailureKind =
  | 'gated'
  | 'claim-pending'
  | 'claim-missing'
  | 'unschedulable'
  | 'image-name'
  | 'image-pull'
  | 'config-error'
  | 'create-error'
  | 'crash-loop'
  | 'node-lost'
  | 'evicted'
  | 'preempted'
  | 'deadline'
  | 'out-of-memory'
  | 'hps-error'
  | 'triton'
  | 'parity'
  | 'perf-analyzer'
  | 'disk'
  | 'bad-settings'
  | 'environment'
  | 'interrupted'
  | 'killed'
  | 'program-fault'
  | 'unknown';

export interface Failure {
  readonly kind: FailureKind;
  /** One line: what, in Kubernetes' or the program's own words. */
  readonly what: string;
  /** What a person would try first. */
  readonly fix: string;
  /** Whether waiting may help: the pod has not ended. */
  readonly waiting: boolean;
}
