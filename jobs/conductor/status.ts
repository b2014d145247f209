/** status.json of the results ConfigMap: how far the run is, for people and for the next conductor. */
import { lastWords, type PodFailure } from './pods.js';
import { stagesOf, type AnyPlan, type StageName } from './plan.js';

export const STATUS_SCHEMA = 'hps-bench/run-status/1';

/** A pod whose gate was taken away, noted before it is, so that no crash makes the count too low. */
export interface Released {
  readonly uid: string;
  readonly pod: string;
  readonly at: string;
}

export interface StageCondition {
  readonly stage: StageName;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** When it came into this state, ISO 8601. */
  since: string | null;
  message: string;
  released: Released[];
  /** Something that may pass by itself, and since when it is so. */
  trouble?: { readonly what: string; readonly since: string };
}

/** How far the pods of a fleet are. */
export interface FleetCounts {
  readonly jobs: number;
  /** One for each GPU, or for each node. */
  readonly pods: number;
  /** Gates taken away so far. */
  readonly releases: number;
  /** Of them, in place of pods that were evicted or preempted. */
  readonly requeued: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
  readonly waiting: number;
}

export interface Failure extends Partial<PodFailure> {
  readonly stage: StageName;
  /** One sentence. */
  readonly summary: string;
  /** Last lines of the failing container. */
  readonly log: readonly string[];
}

export type RunState = 'running' | 'complete' | 'incomplete' | 'failed';

export interface RunStatus {
  readonly schema: typeof STATUS_SCHEMA;
  readonly runId: string;
  readonly specHash: string;
  state: RunState;
  /** The stage that runs, or where it ended. */
  stage: StageName;
  readonly startedAt: string;
  /** Set when nothing is left to do: GPU free, results published. */
  finishedAt: string | null;
  message: string;
  conditions: StageCondition[];
  /** Only of a fleet, whose measurements are counted by pods. */
  fleet?: FleetCounts;
  measurements: { expected: number; measured: number; invalid: number; failed: number; missing: number };
  /** What of the results could not be published, and why. */
  notes: string[];
  failure: Failure | null;
}

/** The status of a run that nobody has begun. @param now ISO 8601 */
export function firstStatus(plan: AnyPlan, now: string): RunStatus {
  const expected = plan.measurements;
  return {
    schema: STATUS_SCHEMA,
    runId: plan.runId,
    specHash: plan.specHash,
    state: 'running',
    stage: 'create-models',
    startedAt: now,
    finishedAt: null,
    message: 'begins',
    conditions: stagesOf(plan).map((stage) => ({ stage, state: 'waiting', since: null, message: '', released: [] })),
    measurements: { expected, measured: 0, invalid: 0, failed: 0, missing: expected },
    notes: [],
    failure: null,
  };
}

/** The stage's condition. */
export function conditionOf(status: RunStatus, stage: StageName): StageCondition {
  const found = status.conditions.find((one) => one.stage === stage);
  if (found === undefined) throw new RangeError(`the plan has no stage ${stage}`);
  return found;
}

/** The first stage that is not done; undefined when all are. */
export function currentStage(status: RunStatus): StageName | undefined {
  return status.conditions.find((one) => one.state !== 'done')?.stage;
}

/** Puts a stage into a state; `since` changes only with the state. */
export function enter(
  status: RunStatus,
  stage: StageName,
  state: StageCondition['state'],
  now: string,
  message: string,
): void {
  const one = conditionOf(status, stage);
  if (one.state !== state) {
    one.state = state;
    one.since = now;
  }
  one.message = message;
  status.stage = stage;
  status.message = `${stage}: ${message}`;
}

/** The conductor's exit code for a run that has ended: the kit's own contract. */
export function exitCode(status: RunStatus): number {
  return { running: 4, complete: 0, incomplete: 3, failed: 4 }[status.state];
}

/** Ends the run at once; what is left is to free the GPU and to publish. */
export function fail(status: RunStatus, failure: Failure, now: string): void {
  enter(status, failure.stage, 'failed', now, failure.summary);
  status.state = 'failed';
  status.failure = failure;
}

/** The failure as text: what, the termination message, the last lines. Ends in a line feed. */
export function reasonText(failure: Failure): string {
  const words = lastWords(failure.message ?? '');
  return [
    `stage ${failure.stage} failed: ${failure.summary}`,
    ...(words === '' || failure.summary.includes(words) ? [] : [`it said: ${words}`]),
    ...(failure.log.length === 0 ? [] : ['last lines of its log:', '', ...failure.log]),
    '',
  ].join('\n');
}

/** One sentence about a pod's end. */
export function failureSentence(failure: PodFailure): string {
  const { pod, container, exitCode: code, reason, message } = failure;
  const what = container === null ? `pod ${pod}` : `container ${container} of pod ${pod}`;
  if (code === null) return `${what}: ${reason}${message === '' ? '' : `: ${message}`}`;
  const word = reason === 'Error' || reason === 'Completed' ? '' : ` (${reason})`;
  return `${what} ended with exit code ${code}${word}`;
}
