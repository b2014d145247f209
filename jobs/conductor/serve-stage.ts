/** Triton: one replica in its turn and none else; every variant ready before anything is measured. */
import type { Pod } from './objects.js';
import { done, failedPod, running, type Outcome, type Run } from './run.js';
import { missing, overdue } from './job-stage.js';
import { isFleet, servedStages } from './plan.js';
import { podState, type PodFailure, type PodState } from './pods.js';
import { lastingTrouble, newest, release, waitingOutcome } from './release.js';
import { conditionOf, type RunStatus } from './status.js';
import { notReady, type IsReady } from './triton.js';

/** Replicas that the run wants now: a function of the stage, so that whoever looks can put it right. */
export function replicasWanted(status: RunStatus): number {
  return status.state === 'running' && (status.stage === 'serve' || status.stage === 'measure') ? 1 : 0;
}

/**
 * Brings the Deployment to the wanted scale.
 * @returns its pods, those on their way out too; undefined where there is no Deployment (yet)
 */
export async function reconcileScale(run: Run): Promise<Pod[] | undefined> {
  const { plan, cluster, status } = run;
  if (isFleet(plan)) return undefined;
  const { deployment } = plan.stages.serve;
  const scale = await cluster.scale(deployment);
  if (scale === undefined) return undefined;
  const wanted = replicasWanted(status);
  if ((scale.spec?.replicas ?? 0) !== wanted) {
    await run.tell('Scaled', `${status.stage} ${status.state} ${wanted}`, `Deployment ${deployment} to ${wanted}`);
    await cluster.setReplicas(deployment, scale, wanted);
  }
  const selector = scale.status?.selector;
  return selector ? cluster.pods(selector) : [];
}

/**
 * Follows Triton's pods, as `reconcileScale` gives them. In the stage `serve` this ends when every variant is ready; in `measure` it keeps watching: a pod
 * that was replaced is released again, as often as limits.releases allows.
 */
export async function serveStage(run: Run, ready: IsReady, pods: readonly Pod[] | undefined): Promise<Outcome> {
  const { deployment, timeoutSeconds } = servedStages(run.plan).serve;
  if (pods === undefined) return missing(run, 'serve', `Deployment ${deployment}`);
  if (run.status.stage === 'serve') {
    const late = overdue(run, 'serve', timeoutSeconds);
    if (late) return withLastLines(run, late, pods);
  }
  const last = newest(pods);
  if (last === undefined) return running(`Deployment ${deployment} has no pod yet`);
  const { pod, state } = last;
  switch (state.kind) {
    case 'gated':
      return release(run, 'serve', pod, pods);
    case 'waiting':
      return waitingOutcome(run, 'serve', pod, state);
    case 'running':
      return runningOutcome(run, pod, state, ready);
    case 'succeeded':
    case 'failed':
      return running(`pod ${pod.metadata.name} has ended (${state.kind}); waits for the Deployment's next one`);
  }
}

async function runningOutcome(
  run: Run,
  pod: Pod,
  state: Extract<PodState, { kind: 'running' }>,
  ready: IsReady,
): Promise<Outcome> {
  const { plan } = run;
  const { last, restarts } = state;
  const ended = await crashed(run, pod, last, restarts);
  if (ended) return ended;
  const waiting = await notReady(ready, servedStages(plan).serve.address, plan.variants);
  if (waiting.length === 0) return done(`${plan.variants.length} of ${plan.variants.length} variants are ready`);
  const again = restarts > 0 ? ` (restarted ${restarts} times)` : '';
  return running(
    `${plan.variants.length - waiting.length} of ${plan.variants.length} variants are ready${again}; not yet: ${waiting.join(', ')}`,
  );
}

async function crashed(run: Run, pod: Pod, last: PodFailure | null, restarts: number): Promise<Outcome | undefined> {
  const condition = conditionOf(run.status, 'serve');
  if (last === null) {
    delete condition.trouble;
    return undefined;
  }
  // Without an exit code a container never began; with one it was restarted, which may help a few times.
  const lasting = await lastingTrouble(run, 'serve', pod, last.exitCode === null || last.final ? last : null);
  if (lasting) return lasting;
  return restarts >= run.plan.limits.releases
    ? failedPod(run, 'serve', last, `it was restarted ${restarts} times`)
    : undefined;
}

async function withLastLines(run: Run, outcome: Outcome, pods: readonly Pod[]): Promise<Outcome> {
  const last = newest(pods);
  if (outcome.kind !== 'failed' || last === undefined) return outcome;
  const { pod } = last;
  const container = pod.status?.containerStatuses?.[0]?.name ?? null;
  const log = await run.cluster.lastLines(pod.metadata.name, container);
  return { kind: 'failed', failure: { ...outcome.failure, pod: pod.metadata.name, container, log } };
}

/** Whether Triton began anew since then: what a client saw break was then not the client's fault. */
export function restartedSince(pods: readonly Pod[], instant: string): boolean {
  const state = newest(pods)?.state;
  const began = state?.kind === 'running' ? state.since : undefined;
  return state?.kind !== 'running' || (began !== undefined && Date.parse(began) >= Date.parse(instant));
}

/** A sentence on what still holds a GPU after the run; undefined when nothing does. */
export function stillThere(pods: readonly Pod[]): string | undefined {
  const there = pods.filter((pod) => {
    const { kind } = podState(pod);
    return pod.spec?.nodeName !== undefined && (kind === 'waiting' || kind === 'running');
  });
  return there.length === 0
    ? undefined
    : `waits for the end of pod ${there.map((pod) => pod.metadata.name).join(', ')}`;
}
