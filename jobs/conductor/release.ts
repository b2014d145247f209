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
 * Releases a gated pod. The release is published before it is made: a crash in between makes the count of releases too high
 * by none, because the same pod is counted once.
 */
export async function release(run: Run, stage: StageName, pod: Pod): Promise<Outcome> {
  const { cluster, plan, status } = run;
  const condition = conditionOf(status, stage);
  const uid = pod.metadata.uid ?? pod.metadata.name;
  if (!condition.released.some((one) => one.uid === uid)) {
    if (condition.released.length >= plan.limits.releases)
      return failedBecause(
        stage,
        `${condition.released.length} pods were released (${condition.released.map((one) => one.pod).join(', ')}) and none did the work; limits.releases allows no more`,
      );
    condition.released.push({ uid, pod: pod.metadata.name, at: now(run) });
    await run.publish();
  }
  await cluster.ungate(pod);
  await run.tell('Released', `${stage}: pod ${pod.metadata.name}`);
  return running(`released pod ${pod.metadata.name}`);
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
