/** The end of a run, however it ended: no GPU is held by anything that this run started. */
import { secondsSince } from './clock.js';
import type { Pod } from './objects.js';
import { podState } from './pods.js';
import type { Run } from './run.js';
import { stillThere } from './serve-stage.js';
import { conditionOf } from './status.js';

/** Longest wait for pods that were told to end. */
const LEAVE_SECONDS = 600;

/**
 * @param triton pods of the Deployment, which is at scale 0 by now
 * @returns what is still to wait for; undefined when the run is over
 */
export async function windDown(run: Run, triton: readonly Pod[]): Promise<string | undefined> {
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
  const stragglers: Pod[] = [];
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
