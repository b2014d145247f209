import { PLAN_SCHEMA, stagesOf, type Plan } from '../../../jobs/conductor/plan.js';
import { enter, firstStatus, type RunStatus } from '../../../jobs/conductor/status.js';
import { loadSpec, plannedMeasurements } from '../../spec/index.js';
import type { Seen, SeenJob, SeenPod } from './seen.js';

// For tests only: a namespace as it may be seen.

const spec = loadSpec({ preset: 'a100-page', set: ['repeats=2', 'batches=[32, 64]'] });

/** A plan as the charts make it. */
export const testPlan: Plan = {
  schema: PLAN_SCHEMA,
  ...{ runId: 'run-1', specHash: '0123456789ab', namespace: 'hps-bench', conductorJob: 'conductor-0a1b2c3d-run-1' },
  stages: {
    'create-models': { job: 'create-models-1', timeoutSeconds: 600 },
    'build-engines': { job: 'build-engines-1', timeoutSeconds: 600 },
    serve: { deployment: 'triton-1', address: 'http://triton:8000', gpus: 1, timeoutSeconds: 600 },
    measure: { job: 'measure-1-run-1', timeoutSeconds: 600 },
  },
  variants: spec.variants,
  measurements: plannedMeasurements(spec).length,
  limits: { runSeconds: 6000, schedulingSeconds: 600, releases: 3 },
  spec,
};

export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 2, 3, 0, seconds)).toISOString();

/** A status in which the stages before that one are done, each after 10 s, and it has begun. */
export function statusIn(stage: string, message = 'goes on'): RunStatus {
  const status = firstStatus(testPlan, at(0));
  const stages = stagesOf(testPlan);
  const current = stages.findIndex((one) => one === stage);
  for (const [i, one] of stages.slice(0, current).entries()) enter(status, one, 'done', at(10 * (i + 1)), 'done');
  const one = stages[current];
  if (one !== undefined) enter(status, one, 'running', at(10 * current), message);
  return status;
}

export const conductorJobSeen: SeenJob = {
  metadata: { name: testPlan.conductorJob, labels: { 'hps-bench/stage': 'conductor', 'hps-bench/run': 'run-1' } },
};

export function podSeen(
  name: string,
  stage: string,
  more: Partial<SeenPod> = {},
  labels: Record<string, string> = {},
): SeenPod {
  return { metadata: { name, labels: { 'hps-bench/stage': stage, ...labels } }, ...more };
}

/** A look at a namespace with one run, 100 s after it began. */
export function seenWith(more: Partial<Seen> & { readonly status?: RunStatus } = {}): Seen {
  const { status, ...rest } = more;
  return {
    ...{ at: at(100), context: 'kind', server: 'https://127.0.0.1:6443', namespace: 'hps-bench' },
    published: new Map(status === undefined ? [] : [['run-1', { status, records: [] }]]),
    plans: new Map([['run-1', testPlan]]),
    ...{ jobs: [conductorJobSeen], jobsKnown: true, pods: [], deployments: [], events: [], unseen: [] },
    ...rest,
  };
}
