/** The end of a run, however it ended: no GPU is held by anything that this run started. */
import { ApiError } from './api.js';
import { isoTime, secondsSince } from './clock.js';
import { LeaseLostError } from './lease.js';
import type { Pod } from './objects.js';
import { resultsName } from './plan.js';
import { podState } from './pods.js';
import type { Run } from './run.js';
import { endFleet } from './fleet-stage.js';
import { reconcileScale, stillThere } from './serve-stage.js';
import type { Session } from './session.js';
import { failRun } from './stages.js';
import { conditionOf, fail } from './status.js';

/** Longest wait for pods that were told to end. */
const LEAVE_SECONDS = 600;

/** Frees the GPU, then finishes. @returns whether the run is over */
export async function wrapUp({ run }: Session): Promise<boolean> {
  const { status, plan } = run;
  // Before anything is written: results that cannot be published must not hold a GPU.
  const waiting = await windDown(run);
  const { measured, expected } = status.measurements;
  const outcome =
    status.failure === null ? `${measured} of ${expected} measurements` : `failed: ${status.failure.summary}`;
  status.message = waiting === undefined ? outcome : `${outcome}; ${waiting}`;
  if (waiting !== undefined) {
    await run.publish(false);
    return false;
  }
  const where = `see ConfigMap ${resultsName(plan.runId)}`;
  await noteOutcome(run, `${status.state}: ${outcome}`);
  await run.tell('Finished', '', `${status.state}: ${outcome}; ${where}`, status.state !== 'complete');
  await finish(run);
  return true;
}

/** A Role from before this right was in it is not worth a run. */
async function noteOutcome({ cluster, plan }: Run, outcome: string): Promise<void> {
  try {
    await cluster.noteOutcome(plan.conductorJob, outcome);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** It is over once that is published, not before. */
async function finish(run: Run): Promise<void> {
  run.status.finishedAt = isoTime(run.clock);
  try {
    await run.publish();
  } catch (error) {
    run.status.finishedAt = null;
    throw error;
  }
}

/** Fails a run for which nobody will look again: each of the steps is tried, whatever became of the one before. */
export async function endAnyhow(session: Session, why: string): Promise<void> {
  const { run } = session;
  const { stage } = run.status;
  fail(run.status, { stage, summary: why, log: [] }, isoTime(run.clock));
  for (const step of [() => windDown(run), () => failRun(session, why)])
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof LeaseLostError)) throw error;
    }
}

/** @returns what is still to wait for; undefined when nothing holds a GPU any more */
async function windDown(run: Run): Promise<string | undefined> {
  const triton = (await reconcileScale(run)) ?? [];
  const stopped = run.status.state === 'failed' ? await stopStragglers(run) : [];
  const waiting = stillThere([...triton, ...stopped]);
  if (waiting === undefined) return undefined;
  const ended = run.status.failure?.stage ?? 'publish';
  const since = conditionOf(run.status, ended).since ?? run.status.startedAt;
  if (secondsSince(run.clock, since) < LEAVE_SECONDS) return waiting;
  run.status.notes.push(`${waiting}, which did not come within ${LEAVE_SECONDS} s: look at it, it may hold a GPU`);
  return undefined;
}

/**
 * Ends released pods of Jobs that go on although the run has failed, by a deadline of one second: the conductor may delete
 * nothing, and so their logs stay. Gated pods hold nothing and are left as they are.
 */
async function stopStragglers(run: Run): Promise<Pod[]> {
  const { plan, status, cluster } = run;
  const { fleet } = plan.stages;
  const stragglers: Pod[] = fleet === undefined ? [] : await endFleet(run, fleet);
  for (const stage of ['create-models', 'build-engines', 'measure'] as const) {
    const job = plan.stages[stage]?.job;
    if (job === undefined) continue;
    const { released } = conditionOf(status, stage);
    if (released.length === 0) continue;
    for (const pod of await cluster.podsOfJob(job)) {
      const { kind } = podState(pod);
      if (kind !== 'waiting' && kind !== 'running') continue;
      if (!released.some((one) => one.uid === pod.metadata.uid)) continue;
      if (pod.spec?.activeDeadlineSeconds !== 1) await cluster.stop(pod);
      stragglers.push(pod);
    }
  }
  return stragglers;
}
