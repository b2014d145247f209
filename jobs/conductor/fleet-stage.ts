/** The stage of a fleet: one indexed Job a node. Its pods are let go and counted; each is on its own from then on. */
import { secondsSince } from './clock.js';
import { missing } from './job-stage.js';
import { condition, type IndexedJob, type Pod } from './objects.js';
import type { FleetStage } from './plan.js';
import { otherGates, podState } from './pods.js';
import { done, running, type Outcome, type Run } from './run.js';
import { conditionOf, type FleetCounts } from './status.js';

/** Pods let go in one pass: a pass must end well before the Lease does. */
const RELEASES_A_PASS = 300;
/** The same, at once. */
const LANES = 4;
/** Failed Jobs that are named. */
const MOST_NAMED = 20;

export async function fleetStage(run: Run, stage: FleetStage): Promise<Outcome> {
  const jobs = await run.cluster.jobs(stage.selector);
  const pending = await run.cluster.pods(stage.selector, 'status.phase=Pending');
  const gated = pending.filter((pod) => podState(pod).kind === 'gated');
  const counts = await released(run, countsOf(stage, jobs, pending), gated.slice(0, RELEASES_A_PASS));
  run.status.fleet = counts;
  if (jobs.length < stage.jobs) return missing(run, 'fleet', `${stage.jobs - jobs.length} of ${stage.jobs} Jobs`);
  const open = jobs.filter((job) => !isOver(job));
  if (open.length === 0) return done(ended(run, counts, jobs));
  return (await late(run, stage, open)) ?? running(`${sentence(counts)}${waitingFor(pending)}`);
}

/** Ends what of the fleet goes on although its run is over. @returns what is still there */
export async function endFleet(run: Run, { selector }: FleetStage): Promise<Pod[]> {
  await endJobs(run, await run.cluster.jobs(selector));
  const there = await run.cluster.pods(selector, 'status.phase!=Succeeded,status.phase!=Failed');
  return there.filter((pod) => pod.spec?.nodeName !== undefined);
}

const isOver = (job: IndexedJob): boolean => (condition(job, 'Complete') ?? condition(job, 'Failed')) !== undefined;

/** Takes the gates away, noting how many before: no crash makes that count too low. */
async function released(run: Run, counts: FleetCounts, gated: readonly Pod[]): Promise<FleetCounts> {
  const releases = (run.status.fleet?.releases ?? 0) + gated.length;
  const now = { ...counts, releases, requeued: Math.max(0, releases - counts.pods) };
  if (gated.length === 0) return now;
  run.status.fleet = now;
  await run.publish();
  const queue = gated.values();
  const lane = async (): Promise<void> => {
    for (const pod of queue) await run.cluster.ungate(pod);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return now;
}

function countsOf(stage: FleetStage, jobs: readonly IndexedJob[], pending: readonly Pod[]): FleetCounts {
  const sum = (of: (job: IndexedJob) => number): number => jobs.reduce((total, job) => total + of(job), 0);
  const active = sum((job) => job.status?.active ?? 0);
  return {
    ...{ jobs: stage.jobs, pods: stage.pods, releases: 0, requeued: 0 },
    succeeded: sum((job) => job.status?.succeeded ?? 0),
    failed: sum((job) =>
      isOver(job) ? (job.spec?.completions ?? 1) - (job.status?.succeeded ?? 0) : failedIndexes(job),
    ),
    running: Math.max(0, active - pending.length),
    waiting: pending.length,
  };
}

/** Such as 3 for `0,2-3`. */
function failedIndexes({ status }: IndexedJob): number {
  return (status?.failedIndexes ?? '').split(',').reduce((total, part) => {
    const [first, last = first] = part.split('-').map(Number);
    return part === '' || first === undefined || last === undefined ? total : total + last - first + 1;
  }, 0);
}

/** A node that never takes its pods, and a pod that hangs, must not keep the others' results for ever. */
async function late(
  run: Run,
  { timeoutSeconds }: FleetStage,
  open: readonly IndexedJob[],
): Promise<Outcome | undefined> {
  const since = conditionOf(run.status, 'fleet').since ?? run.status.startedAt;
  const bound = timeoutSeconds + run.plan.limits.schedulingSeconds;
  if (secondsSince(run.clock, since) <= bound) return undefined;
  await endJobs(run, open);
  return running(`ends ${open.length} Jobs that are not over after ${bound} s: ${named(open)}`);
}

async function endJobs(run: Run, jobs: readonly IndexedJob[]): Promise<void> {
  for (const job of jobs)
    if (!isOver(job) && job.spec?.activeDeadlineSeconds !== 1) await run.cluster.endJob(job.metadata.name);
}

function sentence({ pods, succeeded, failed, running: now, waiting, requeued }: FleetCounts): string {
  const again = requeued === 0 ? '' : `, ${requeued} let go again after a disruption`;
  return `${succeeded} of ${pods} pods have measured, ${failed} failed, ${now} run, ${waiting} wait${again}`;
}

/** What the first pod that is let go and not on a node waits for: with many, most wait for the same. */
function waitingFor(pending: readonly Pod[]): string {
  const states = pending.map((pod) => ({ pod, state: podState(pod) }));
  const first = states.find(({ pod, state }) => state.kind === 'waiting' && otherGates(pod).length === 0);
  return first?.state.kind === 'waiting' ? `; pod ${first.pod.metadata.name} ${first.state.message}` : '';
}

/** Tells of failed pods in the status; the others are no secret. */
function ended(run: Run, counts: FleetCounts, jobs: readonly IndexedJob[]): string {
  const failed = jobs.filter((job) => condition(job, 'Failed'));
  const notes = failed.slice(0, MOST_NAMED).map((job) => {
    const why = condition(job, 'Failed');
    const indexes = job.status?.failedIndexes ? ` (indexes ${job.status.failedIndexes})` : '';
    return `node ${nodeOf(job)}, Job ${job.metadata.name}: ${why?.reason ?? 'Failed'}${indexes}${why?.message ? `: ${why.message}` : ''}`;
  });
  if (failed.length > MOST_NAMED) notes.push(`and ${failed.length - MOST_NAMED} more Jobs failed`);
  run.status.notes.push(...notes.filter((note) => !run.status.notes.includes(note)));
  return sentence(counts);
}

const named = (jobs: readonly IndexedJob[]): string =>
  `${jobs
    .slice(0, 5)
    .map((job) => `${job.metadata.name} on ${nodeOf(job)}`)
    .join(', ')}${jobs.length > 5 ? ' …' : ''}`;

const nodeOf = (job: IndexedJob): string => job.metadata.annotations?.['hps-bench/node'] ?? '?';
