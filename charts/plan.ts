import { type AnyPlan, type FleetPlan, PLAN_SCHEMA, type Plan } from '../jobs/conductor/plan.js';
import { TRITON } from '../src/job-settings/index.js';
import { boundsOf, REPLACEMENTS, RUN_LABEL, STAGE_LABEL } from '../src/kubernetes/index.js';
import { fleetPods, plannedMeasurements, specHash } from '../src/spec/index.js';
import type { Bench, Run } from './bench.js';

/** Names of what the stages made. */
export interface StageNames {
  readonly createModels: string;
  readonly buildEngines: string | undefined;
  readonly deployment: string;
  readonly measure: string;
}

/** Names of what a fleet's stages made. */
export interface FleetNames {
  readonly createModels: string;
  /** One for each node. */
  readonly fleet: readonly string[];
}

export const isFleet = (names: StageNames | FleetNames): names is FleetNames => 'fleet' in names;

/** What the conductor of one run has to do: names and bounds, nothing that changes while it runs. */
export function planOf(bench: Bench, run: Run, names: StageNames | FleetNames, conductorJob: string): AnyPlan {
  const { spec, runId } = run;
  const common = {
    schema: PLAN_SCHEMA,
    runId,
    specHash: specHash(spec),
    namespace: bench.namespace,
    conductorJob,
    variants: spec.variants,
    limits: {
      runSeconds: bench.bounds.run,
      schedulingSeconds: boundsOf(spec).scheduling,
      releases: 1 + REPLACEMENTS,
    },
    spec,
  } as const;
  const each = plannedMeasurements(spec).length;
  return isFleet(names)
    ? { ...common, stages: fleetStages(run, names), measurements: each * podsOf(spec) }
    : { ...common, stages: servedStages(bench, run, names), measurements: each };
}

const podsOf = ({ fleet }: Run['spec']): number => (fleet === undefined ? 0 : fleetPods(fleet));

function fleetStages({ spec, runId }: Run, names: FleetNames): FleetPlan['stages'] {
  const bounds = boundsOf(spec);
  return {
    'create-models': { job: names.createModels, timeoutSeconds: bounds.createModels },
    fleet: {
      selector: `${RUN_LABEL}=${runId},${STAGE_LABEL}=measure`,
      jobs: names.fleet.length,
      pods: podsOf(spec),
      timeoutSeconds: bounds.fleetPod,
    },
  };
}

function servedStages(bench: Bench, { spec }: Run, names: StageNames): Plan['stages'] {
  const bounds = boundsOf(spec);
  return {
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
  };
}
