import { PLAN_SCHEMA, type Plan } from '../jobs/conductor/plan.js';
import { TRITON } from '../src/job-settings/index.js';
import { boundsOf, REPLACEMENTS } from '../src/kubernetes/index.js';
import { plannedMeasurements, specHash } from '../src/spec/index.js';
import type { Bench, Run } from './bench.js';

/** Names of what the stages made. */
export interface StageNames {
  readonly createModels: string;
  readonly buildEngines: string | undefined;
  readonly deployment: string;
  readonly measure: string;
}

/** What the conductor of one run has to do: names and bounds, nothing that changes while it runs. */
export function planOf(bench: Bench, run: Run, names: StageNames, conductorJob: string): Plan {
  const { spec, runId } = run;
  const bounds = boundsOf(spec);
  return {
    schema: PLAN_SCHEMA,
    runId,
    specHash: specHash(spec),
    namespace: bench.namespace,
    conductorJob,
    stages: {
      'create-models': { job: names.createModels, timeoutSeconds: bounds.createModels },
      ...(names.buildEngines === undefined
        ? {}
        : { 'build-engines': { job: names.buildEngines, timeoutSeconds: bench.bounds.buildEngines } }),
      serve: {
        deployment: names.deployment,
        address: `http://${TRITON.name}:${TRITON.http}`,
        gpus: spec.cluster.gpus,
        timeoutSeconds: bounds.serve,
      },
      measure: { job: names.measure, timeoutSeconds: bounds.measure },
    },
    variants: spec.variants,
    measurements: plannedMeasurements(spec).length,
    limits: { runSeconds: bench.bounds.run, schedulingSeconds: bounds.scheduling, releases: 1 + REPLACEMENTS },
    spec,
  };
}
