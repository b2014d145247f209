import { condition } from '../../../jobs/conductor/objects.js';
import type { AnyPlan } from '../../../jobs/conductor/plan.js';
import { lastWords, podState, type PodState } from '../../../jobs/conductor/pods.js';
import type { RunStatus } from '../../../jobs/conductor/status.js';
import type { MeasurementRecord } from '../../records/index.js';
import { cellsOf, type Spec } from '../../spec/index.js';
import { secondsBetween } from './left.js';
import { conductorJob, type Seen, type SeenEvent, type SeenPod } from './seen.js';
import type { RunView, StageView } from './view.js';

const EVENTS = 5;

/** Pods of the run itself, and those that it shares with others while it is its turn. */
export function belongsTo({ metadata }: SeenPod, run: string, plan: AnyPlan | undefined): boolean {
  const { labels = {} } = metadata;
  if (labels['hps-bench/run'] !== undefined) return labels['hps-bench/run'] === run;
  if (plan === undefined) return true;
  const { stages } = plan;
  const jobs = [stages['create-models'].job, stages['build-engines']?.job];
  return (
    (stages.serve !== undefined && labels['hps-bench/serving'] === stages.serve.deployment) ||
    jobs.includes(labels['batch.kubernetes.io/job-name'])
  );
}

/** A run whose conductor has published nothing: what its Job and pod say. */
export function beginningOf(
  seen: Seen,
  run: string,
  pods: readonly SeenPod[],
): Pick<RunView, 'state' | 'message' | 'over'> {
  const job = conductorJob(seen, run);
  const pod = pods.filter(({ metadata: { labels } }) => labels?.['hps-bench/stage'] === 'conductor').at(-1);
  const state = pod && podState(pod);
  const failed = job && condition(job, 'Failed');
  if (failed || state?.kind === 'failed') {
    const message = `the conductor failed: ${endOf(state, failed?.message)}`;
    // Its Job starts it again, as often as it may.
    return { state: 'failed', message, over: failed !== undefined };
  }
  if (job === undefined && seen.jobsKnown)
    return { state: 'failed', message: 'nothing of it is in the cluster any more', over: true };
  if (pod === undefined) return { state: 'waiting', message: 'the conductor has no pod yet', over: false };
  const why = state?.kind === 'waiting' ? state.message : 'has published nothing yet';
  return { state: 'waiting', message: `the conductor (pod ${pod.metadata.name}) ${why}`, over: false };
}

function endOf(state: PodState | undefined, otherwise = 'its Job is over'): string {
  if (state?.kind !== 'failed') return otherwise;
  const { reason, message, exitCode } = state.failure;
  return message === '' ? `${reason}${exitCode === null ? '' : `, exit code ${exitCode}`}` : lastWords(message);
}

export function stageViews(status: RunStatus, now: Date): StageView[] {
  let before = status.startedAt;
  return status.conditions.map(({ stage, state, since, message }) => {
    // A stage begins when the one before it is done.
    const from = before;
    if (state === 'done' && since !== null) before = since;
    const seconds = since === null ? null : secondsBetween(from, state === 'running' ? now : new Date(since));
    return { stage, state, seconds, message };
  });
}

/** Cells of which every repeat is measured. */
export function cellCounts(spec: Spec, records: readonly MeasurementRecord[]): { done: number; total: number } {
  const measured = new Map<string, Set<string>>();
  for (const { variant, batch, concurrency, id, status } of records) {
    if (status !== 'measured') continue;
    const key = `${variant} ${batch} ${concurrency}`;
    measured.set(key, (measured.get(key) ?? new Set()).add(id));
  }
  const cells = cellsOf(spec);
  const done = cells.filter(
    ({ variant, batch, concurrency }) =>
      (measured.get(`${variant} ${batch} ${concurrency}`)?.size ?? 0) >= spec.repeats,
  );
  return { done: done.length, total: cells.length };
}

export function waitingPods(pods: readonly SeenPod[]): RunView['waiting'] {
  return pods.flatMap((pod) => {
    if (pod.metadata.deletionTimestamp !== undefined) return [];
    const state = podState(pod);
    // A container that is being started is no news.
    return state.kind === 'waiting' && state.message !== 'starts'
      ? [{ what: `pod ${pod.metadata.name}`, why: state.message }]
      : [];
  });
}

export function gpusOf(pods: readonly SeenPod[]): RunView['gpu'] {
  const holding = pods.flatMap((pod) => {
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const gpus = (pod.spec?.containers ?? []).reduce(
      (sum, { resources }) => sum + Number(resources?.limits?.['nvidia.com/gpu'] ?? 0),
      0,
    );
    return pod.spec?.nodeName === undefined || ended || gpus === 0 ? [] : [{ name: pod.metadata.name, gpus }];
  });
  return { held: holding.reduce((sum, { gpus }) => sum + gpus, 0), pods: holding.map(({ name }) => name) };
}

export function eventViews(
  events: readonly SeenEvent[],
  run: string,
  plan: AnyPlan | undefined,
  pods: readonly SeenPod[],
): RunView['events'] {
  const names = new Set(pods.map(({ metadata }) => metadata.name));
  return events
    .filter(({ involvedObject: { name = '', kind }, source, type }) =>
      source?.component === 'hps-bench-conductor'
        ? name === plan?.conductorJob || (plan === undefined && name.endsWith(`-${run}`))
        : type === 'Warning' && kind === 'Pod' && names.has(name),
    )
    .sort((a, b) => compare(timeOf(a), timeOf(b)) || versionOf(a) - versionOf(b))
    .slice(-EVENTS)
    .map((event) => {
      const { reason = '', message = '', type } = event;
      return { at: timeOf(event), reason, message, warning: type === 'Warning' };
    });
}

const timeOf = ({ lastTimestamp, eventTime, metadata }: SeenEvent): string =>
  lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';

/** Times of events are whole seconds; within one the later written has the higher version. */
const versionOf = ({ metadata }: SeenEvent): number => Number(metadata.resourceVersion ?? 0);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
