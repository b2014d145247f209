/**
 * plan.json: what the conductor has to do, written at synth time and mounted beside it. It holds names and bounds only; how
 * far a run is, is in the cluster.
 */
import type { Spec } from '../../src/spec/schema.js';
import { explain, problemsOf, type JsonSchema } from './json-check.js';

export const PLAN_SCHEMA = 'hps-bench/plan/1';

/** Stages in the order in which they run. */
export const STAGES = ['create-models', 'build-engines', 'serve', 'measure', 'fleet', 'publish'] as const;
export type StageName = (typeof STAGES)[number];

/** The gate on every pod template but the conductor's; the conductor takes it away from a pod at its turn. */
export const GATE = 'hps-bench/conductor';

/** A stage that is a Job of one pod. */
export interface JobStage {
  /** metadata.name of the Job. */
  readonly job: string;
  /** Bound of the stage from the release of its first pod, in s. */
  readonly timeoutSeconds: number;
}

export interface ServeStage {
  /** metadata.name of Triton's Deployment. */
  readonly deployment: string;
  /** Triton's HTTP endpoint without a slash at its end, such as `http://triton:8000`. */
  readonly address: string;
  /** GPUs that Triton's pod holds; 0 where the variants run on the CPU, which the report then says. */
  readonly gpus: number;
  /** Bound from scaling to 1 until every variant is ready, in s. */
  readonly timeoutSeconds: number;
}

/** A stage that is a Job for each node: pods that build, serve and measure by themselves. */
export interface FleetStage {
  /** Label selector of the Jobs and of their pods. */
  readonly selector: string;
  readonly jobs: number;
  /** Pods that measure, of all Jobs. */
  readonly pods: number;
  /** Bound of one pod from its start, in s. */
  readonly timeoutSeconds: number;
}

interface PlanOf<Stages> {
  readonly schema: typeof PLAN_SCHEMA;
  readonly runId: string;
  /** {@link specHash} of `spec`. */
  readonly specHash: string;
  readonly namespace: string;
  /** metadata.name of the conductor's own Job: events are attached to it. */
  readonly conductorJob: string;
  readonly stages: Stages;
  /** Model names that must be ready before anything is measured. */
  readonly variants: readonly string[];
  /** Measurements the run owes: variants x batches x repeats. */
  readonly measurements: number;
  readonly limits: {
    /** Bound of the whole run from the conductor's first act, in s; below the Job's own activeDeadlineSeconds. */
    readonly runSeconds: number;
    /** How long a released pod may wait for a node (or for a cluster that grows), in s. */
    readonly schedulingSeconds: number;
    /** Pods that are released for one stage before it counts as failed: the first one and its replacements. */
    readonly releases: number;
  };
  readonly spec: Spec;
}

/** A run on one GPU, with Triton as a Deployment. */
export type Plan = PlanOf<{
  readonly 'create-models': JobStage;
  /** Only where a variant needs engines. */
  readonly 'build-engines'?: JobStage;
  readonly serve: ServeStage;
  readonly measure: JobStage;
  readonly fleet?: undefined;
}>;

/** A run on every GPU of many nodes. */
export type FleetPlan = PlanOf<{
  readonly 'create-models': JobStage;
  readonly 'build-engines'?: undefined;
  readonly serve?: undefined;
  readonly measure?: undefined;
  readonly fleet: FleetStage;
}>;

export type AnyPlan = Plan | FleetPlan;

export const isFleet = (plan: AnyPlan): plan is FleetPlan => plan.stages.fleet !== undefined;

/** The stages of a plan with a Deployment. @throws RangeError for a fleet's, which has none of them */
export function servedStages(plan: AnyPlan): Plan['stages'] {
  if (isFleet(plan)) throw new RangeError(`run ${plan.runId} is a fleet: no stage serve, no stage measure`);
  return plan.stages;
}

/** ConfigMap that the conductor publishes. */
export const resultsName = (runId: string): string => `results-${runId}`;
/** Lease that one conductor of a run holds. */
export const conductorLease = (runId: string): string => `conductor-${runId}`;
/** Lease that one run of a namespace holds: two runs at once would share a node and disturb each other's figures. */
export const FLOOR_LEASE = 'hps-bench';

const name: JsonSchema = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$' };
const seconds: JsonSchema = { type: 'integer', minimum: 1 };
const strict = (properties: Record<string, JsonSchema>, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});
const job = strict({ job: name, timeoutSeconds: seconds });

const served = strict(
  {
    'create-models': job,
    'build-engines': job,
    serve: strict({
      deployment: name,
      address: { type: 'string', pattern: '^https?://[^/\\s]+$' },
      gpus: { type: 'integer', minimum: 0 },
      timeoutSeconds: seconds,
    }),
    measure: job,
  },
  ['build-engines'],
);
const fleet = strict({
  'create-models': job,
  fleet: strict({
    selector: { type: 'string', minLength: 1 },
    jobs: { type: 'integer', minimum: 1 },
    pods: { type: 'integer', minimum: 1 },
    timeoutSeconds: seconds,
  }),
});

const planWith = (stages: JsonSchema): JsonSchema =>
  strict({
    schema: { const: PLAN_SCHEMA },
    runId: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]{0,42}[a-z0-9])?$' },
    specHash: { type: 'string', pattern: '^[0-9a-f]{12}$' },
    namespace: name,
    conductorJob: name,
    stages,
    variants: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
    measurements: { type: 'integer', minimum: 1 },
    limits: strict({ runSeconds: seconds, schedulingSeconds: seconds, releases: { type: 'integer', minimum: 1 } }),
    spec: { type: 'object' },
  });

/** Why a plan is not one: exit code 2. */
export class PlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PlanError';
  }
}

/**
 * Checks a plan. The spec inside was checked when the manifests were made; its hash tells whether it still is that one.
 * @param where the file's name, for the message
 * @throws PlanError that names what is wrong, the value and what is allowed
 */
export function checkPlan(value: unknown, where: string, hashOf: (spec: Spec) => string): AnyPlan {
  const given = value as { schema?: unknown; stages?: { fleet?: unknown } | null } | null;
  const got = given?.schema;
  if (got !== PLAN_SCHEMA)
    throw new PlanError(
      `${where}: has schema ${JSON.stringify(got)}, this conductor reads ${PLAN_SCHEMA} (render the manifests again)`,
    );
  const problems = problemsOf(value, planWith(given?.stages?.fleet === undefined ? served : fleet));
  if (problems.length > 0) throw new PlanError(`${where}: ${explain(problems)} (render the manifests again)`);
  const plan = value as AnyPlan;
  const hash = hashOf(plan.spec);
  if (hash !== plan.specHash)
    throw new PlanError(
      `${where}: specHash is ${JSON.stringify(plan.specHash)}, but the spec beside it has ${JSON.stringify(hash)} (the plan was edited; render the manifests again)`,
    );
  return plan;
}

/** Stages of this plan, in order. */
export function stagesOf({ stages }: AnyPlan): StageName[] {
  return STAGES.filter((stage) => stage === 'publish' || stages[stage] !== undefined);
}
