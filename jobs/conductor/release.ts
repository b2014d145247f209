/** Takes the gate from a pod at its turn, and watches over the ones that have none any more. */
import { secondsSince } from './clock.js';
import type { Pod } from './objects.js';
import type { StageName } from './plan.js';
import { podState, type PodFailure, type PodState } from './pods.js';
import { failedBecause, failedPod, now, running, type Outcome, type Run } from './run.js';
import { conditionOf } from './status.js';

/** What kubelets say while they fetch an image or start a container may pass; after this long it is taken to be final. */
export const TROUBLE_SECONDS = 30;

/**
 * Releases a gated pod. The release is published before it is made, so that no crash can make the count of releases too low;
 * the same pod counts once.
 *
 * @param pods all of the stage's, to say what became of the ones before
 */
export async function release(run: Run, stage: StageName, pod: Pod, pods: readonly Pod[]): Promise<Outcome> {
  const { cluster, plan, status } = run;
  const condition = conditionOf(status, stage);
  const uid = pod.metadata.uid ?? pod.metadata.name;
  if (!condition.released.some((one) => one.uid === uid)) {
    if (condition.released.length >= plan.limits.releases) return tooMany(run, stage, pods);
    condition.released.push({ uid, pod: pod.metadata.name, at: now(run) });
  }
  await run.publish();
  await run.tell('Released', uid, `${stage}: pod ${pod.metadata.name}`);
  await cluster.ungate(pod);
  return running(`released pod ${pod.metadata.name}`);
}

async function tooMany(run: Run, stage: StageName, pods: readonly Pod[]): Promise<Outcome> {
  const names = conditionOf(run.status, stage).released.map((one) => one.pod);
  const also = `${names.length} pods were released (${names.join(', ')}), limits.releases allows no more`;
  const ended = pods.map((one) => podState(one)).findLast((state) => state.kind === 'failed');
  return ended?.kind === 'failed' ? failedPod(run, stage, ended.failure, also) : failedBecause(stage, also);
}

type Waiting = Extract<PodState, { kind: 'waiting' }>;

/** A released pod that does not run yet: how long that may be depends on what it waits for. */
export async function waitingOutcome(run: Run, stage: StageName, pod: Pod, state: Waiting): Promise<Outcome> {
  const { plan, clock, status } = run;
  const { name, uid } = pod.metadata;
  const released = conditionOf(status, stage).released.find((one) => one.uid === uid);
  const waited = released === undefined ? 0 : secondsSince(clock, released.at);
  if (state.unscheduled && waited > plan.limits.schedulingSeconds)
    return failedBecause(
      stage,
      `pod ${name} is ${state.message} (after ${Math.round(waited)} s; limits.schedulingSeconds is ${plan.limits.schedulingSeconds})`,
    );
  const lasting = await lastingTrouble(run, stage, pod, state.trouble);
  return lasting ?? running(`pod ${name} ${state.message}`);
}

/** The outcome once a trouble has lasted; notes in the status when it began, so that a restart does not begin anew. */
export async function lastingTrouble(
  run: Run,
  stage: StageName,
  pod: Pod,
  trouble: PodFailure | null,
): Promise<Outcome | undefined> {
  const condition = conditionOf(run.status, stage);
  const what = `${pod.metadata.uid ?? pod.metadata.name}/${trouble?.container ?? ''}`;
  if (trouble === null) {
    delete condition.trouble;
    return undefined;
  }
  if (condition.trouble?.what !== what) condition.trouble = { what, since: now(run) };
  const lasts = secondsSince(run.clock, condition.trouble.since);
  if (!trouble.final && lasts < TROUBLE_SECONDS) return undefined;
  return failedPod(run, stage, trouble);
}

/** Pods that count: not those that are on their way out. */
export const present = (pods: readonly Pod[]): Pod[] =>
  pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);

/** The state of the newest pod that counts. */
export function newest(pods: readonly Pod[]): { pod: Pod; state: PodState } | undefined {
  const pod = present(pods).at(-1);
  return pod === undefined ? undefined : { pod, state: podState(pod) };
}
