import { condition } from '../../../jobs/conductor/objects.js';
import { stagesOf, type AnyPlan } from '../../../jobs/conductor/plan.js';
import type { RunStatus } from '../../../jobs/conductor/status.js';
import { forecast } from '../../planner/index.js';
import { secondsLeft, type Forecasts } from './left.js';
import { conductorJob, runsOf, type Seen, type SeenPod } from './seen.js';
import { beginningOf, belongsTo, cellCounts, eventViews, gpusOf, stageViews, waitingPods } from './view-parts.js';

import { VIEW_SCHEMA, type RunView } from './view.js';

/** What there is to say of one run. Pure. @param run an id of {@link runsOf} */
export function viewOf(seen: Seen, run: string): RunView {
  const published = seen.published.get(run);
  const plan = seen.plans.get(run);
  const pods = seen.pods.filter((pod) => belongsTo(pod, run, plan));
  const { at, context, server, namespace } = seen;
  return {
    ...{ schema: VIEW_SCHEMA, at, context, server, namespace, run },
    ...(published === undefined ? unpublished(seen, run, plan, pods) : ofStatus(published.status, plan, seen, run)),
    cells: plan ? cellCounts(plan.spec, published?.records ?? []) : null,
    waiting: waitingPods(pods),
    gpu: gpusOf(seen.pods),
    triton: replicasOf(seen, plan),
    events: eventViews(seen.events, run, plan, pods),
    results: published === undefined ? null : `results-${run}`,
    notes: [...(published?.status.notes ?? []), ...seen.unseen],
    others: runsOf(seen)
      .filter((id) => id !== run)
      .map((id) => otherRun(seen, id)),
  };
}

type FromStatus = Pick<
  RunView,
  | 'specHash'
  | 'state'
  | 'message'
  | 'over'
  | 'startedAt'
  | 'finishedAt'
  | 'secondsLeft'
  | 'stages'
  | 'measurements'
  | 'failure'
>;

function ofStatus(status: RunStatus, plan: AnyPlan | undefined, seen: Seen, run: string): FromStatus {
  const { specHash, startedAt, finishedAt, measurements, failure } = status;
  const now = new Date(seen.at);
  const common = { specHash, startedAt, finishedAt, measurements, failure, stages: stageViews(status, now) };
  if (isAbandoned(status, seen, run)) {
    const message = `nobody conducts it any more; last: ${status.message}`;
    return { ...common, state: 'failed', message, over: true, secondsLeft: null };
  }
  const left = plan ? secondsLeft(status, forecastsOf(plan), now) : null;
  return { ...common, state: status.state, message: status.message, over: finishedAt !== null, secondsLeft: left };
}

/** A run that is not over and will not be: its conductor's Job is gone, or has failed. */
function isAbandoned({ finishedAt }: RunStatus, seen: Seen, run: string): boolean {
  if (finishedAt !== null || !seen.jobsKnown) return false;
  const job = conductorJob(seen, run);
  return job === undefined || condition(job, 'Failed') !== undefined;
}

/** Of a run whose conductor has published nothing. */
function unpublished(seen: Seen, run: string, plan: AnyPlan | undefined, pods: readonly SeenPod[]): FromStatus {
  const nothing = { specHash: null, startedAt: null, finishedAt: null, secondsLeft: null, failure: null };
  const begins = { ...nothing, ...beginningOf(seen, run, pods) };
  if (plan === undefined) return { ...begins, stages: [], measurements: null };
  const { measurements: expected, specHash } = plan;
  const stages = stagesOf(plan).map((stage) => ({ stage, state: 'waiting' as const, seconds: null, message: '' }));
  const measurements = { expected, measured: 0, invalid: 0, failed: 0, missing: expected };
  return { ...begins, specHash, stages, measurements };
}

function replicasOf(seen: Seen, plan: AnyPlan | undefined): number | null {
  const name = plan?.stages.serve?.deployment;
  return seen.deployments.find(({ metadata }) => metadata.name === name)?.spec?.replicas ?? null;
}

function otherRun(seen: Seen, run: string): RunView['others'][number] {
  const status = seen.published.get(run)?.status;
  const expected = seen.plans.get(run)?.measurements ?? 0;
  if (status === undefined) return { run, state: 'waiting', measured: 0, expected };
  return { run, state: status.state, measured: status.measurements.measured, expected: status.measurements.expected };
}

function forecastsOf({ spec }: AnyPlan): Forecasts {
  const { stages } = forecast(spec, { place: 'cluster' });
  return Object.fromEntries(stages.map(({ stage, seconds }) => [stage, seconds.expected]));
}
