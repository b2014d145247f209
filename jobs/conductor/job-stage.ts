/** A stage that is a Job: releases its pod, follows it, and ends with it. */
import { secondsSince } from './clock.js';
import { condition, type Condition, type Job, type Pod } from './objects.js';
import type { JobStage, StageName } from './plan.js';
import { lastWords, podState, type PodFailure } from './pods.js';
import { progressOf } from './progress.js';
import { newest, present, release, waitingOutcome } from './release.js';
import { done, failedBecause, failedPod, now, running, type Outcome, type Run } from './run.js';
import { conditionOf } from './status.js';

/** A Job that `kubectl apply` has not sent yet may come; one that does not within this time was left out. */
const MISSING_SECONDS = 120;

export interface JobRules {
  /** Why the pod must stay gated for now. */
  readonly hold?: string | undefined;
  /** Whether a pod that ended with this code is followed by the Job's next one. */
  readonly again: (failure: PodFailure) => boolean;
}

/** Ended from outside: by a signal that is not the OOM killer's, by an eviction, with its node. */
export function wasInterrupted({ exitCode, reason }: PodFailure): boolean {
  return exitCode === null ? reason !== 'DeadlineExceeded' : exitCode > 128 && reason !== 'OOMKilled';
}

export async function jobStage(
  run: Run,
  stage: StageName,
  { job: name, timeoutSeconds }: JobStage,
  rules: JobRules,
): Promise<Outcome> {
  const job = await run.cluster.job(name);
  if (job === undefined) return missing(run, stage, `Job ${name}`);
  const pods = await run.cluster.podsOfJob(name);
  if (condition(job, 'Complete') ?? condition(job, 'SuccessCriteriaMet'))
    return done(messageOf(pods) ?? `Job ${name} is complete`);
  const failed = condition(job, 'Failed') ?? condition(job, 'FailureTarget');
  if (failed) return failedJob(run, stage, job, failed, pods);
  const ended = pods
    .map((pod) => podState(pod))
    .find((state) => state.kind === 'failed' && !rules.again(state.failure));
  if (ended?.kind === 'failed') return failedPod(run, stage, ended.failure);
  const late = overdue(run, stage, timeoutSeconds);
  return late ?? follow(run, stage, name, pods, rules);
}

async function follow(
  run: Run,
  stage: StageName,
  job: string,
  pods: readonly Pod[],
  rules: JobRules,
): Promise<Outcome> {
  const last = newest(pods);
  if (last === undefined) return running(`Job ${job} has no pod yet`);
  const { pod, state } = last;
  switch (state.kind) {
    case 'gated': {
      // The one before must be gone from its node: two programs must not write the same artifact.
      const others = pods.filter((other) => other !== pod && isUnfinished(other) && podState(other).kind !== 'gated');
      if (others.length > 0)
        return running(`waits for the end of pod ${others.map((one) => one.metadata.name).join(', ')}`);
      return rules.hold === undefined ? release(run, stage, pod, pods) : running(rules.hold);
    }
    case 'waiting':
      return waitingOutcome(run, stage, pod, state);
    case 'running':
      delete conditionOf(run.status, stage).trouble;
      return running(await progressOf(run, pod));
    case 'succeeded':
      return running(`pod ${pod.metadata.name} is done, its Job not yet`);
    case 'failed':
      return running(`pod ${pod.metadata.name} failed (${state.failure.reason}); waits for the Job's next one`);
  }
}

async function failedJob(run: Run, stage: StageName, job: Job, why: Condition, pods: readonly Pod[]): Promise<Outcome> {
  const also = `Job ${job.metadata.name}: ${why.reason ?? why.type}${why.message ? `: ${why.message}` : ''}`;
  const states = present(pods).map((pod) => podState(pod));
  const last = states.findLast((state) => state.kind === 'failed');
  return last?.kind === 'failed' ? failedPod(run, stage, last.failure, also) : failedBecause(stage, also);
}

/** Something of dist/ that is not there. */
export function missing(run: Run, stage: StageName, what: string): Outcome {
  const since = conditionOf(run.status, stage).since ?? now(run);
  return secondsSince(run.clock, since) > MISSING_SECONDS
    ? failedBecause(stage, `${what} is not there after ${MISSING_SECONDS} s (apply all of dist/)`)
    : running(`waits for ${what} to be applied`);
}

/** The stage's own bound, from its first release: waiting for a node is bounded apart. */
export function overdue(run: Run, stage: StageName, timeoutSeconds: number): Outcome | undefined {
  const { clock, status, plan } = run;
  const begun = conditionOf(status, stage).released[0]?.at;
  if (begun === undefined) return undefined;
  const bound = timeoutSeconds + plan.limits.schedulingSeconds;
  return secondsSince(clock, begun) > bound
    ? failedBecause(
        stage,
        `is not done after ${bound} s (timeoutSeconds ${timeoutSeconds} and schedulingSeconds ${plan.limits.schedulingSeconds}); last: ${conditionOf(status, stage).message}`,
      )
    : undefined;
}

function isUnfinished(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

/** What the program said last, from its termination message. */
function messageOf(pods: readonly Pod[]): string | undefined {
  const texts = pods
    .map((pod) => podState(pod))
    .flatMap((state) => (state.kind === 'succeeded' && state.message ? [state.message] : []));
  const text = texts.at(-1);
  return text === undefined ? undefined : lastWords(text);
}
