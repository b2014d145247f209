import { specHash, specSchema, type Spec } from '../../spec/index.js';
import { ClusterError, CONFIG_MAPS, type Client, type KubernetesObject } from '../client/index.js';

/** A run as its manifests have it: what is expected of it. */
export interface ClusterRun {
  readonly runId: string;
  readonly spec: Spec;
  readonly specHash: string;
  /** When its plan was applied, ISO 8601. */
  readonly createdAt: string;
  /** Name of the measuring Job, where there is one for the whole run. */
  readonly measureJob: string;
}

export const RUN_LABEL = 'hps-bench/run';
export const STAGE_LABEL = 'hps-bench/stage';

interface PlanMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Finds the plan of a run, which the conductor's ConfigMap holds.
 * @param wanted run id; left out: the only run of the namespace
 * @throws ClusterError of kind `config` where there is none, or more than one to choose from
 */
export async function findRun(client: Client, wanted?: string): Promise<ClusterRun> {
  const labelSelector = `${STAGE_LABEL}=conductor${wanted === undefined ? '' : `,${RUN_LABEL}=${wanted}`}`;
  const maps: PlanMap[] = [];
  // The programs of many runs are megabytes: a few at a time.
  for await (const page of client.pages<PlanMap>(CONFIG_MAPS, { labelSelector, limit: 10 })) maps.push(...page.items);
  const plans = maps.filter((map) => map.data?.['plan.json'] !== undefined).map(readPlan);
  const place = `namespace ${client.namespace} (context ${client.context})`;
  const [newest] = plans.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  if (newest === undefined)
    throw new ClusterError(
      'config',
      `there is no run${wanted === undefined ? '' : ` ${wanted}`} in ${place}\n  apply its manifests first, or name another --namespace, --context${wanted === undefined ? '' : ' or --run'}`,
    );
  const runs = [...new Set(plans.map((plan) => plan.runId))].sort();
  if (runs.length > 1)
    throw new ClusterError(
      'config',
      `there are ${runs.length} runs in ${place}; name one with --run: ${runs.join(', ')}`,
    );
  return newest;
}

function readPlan(map: PlanMap): ClusterRun {
  const where = `ConfigMap ${map.metadata.name}, plan.json`;
  let plan: {
    schema?: string;
    runId?: string;
    specHash?: string;
    spec?: unknown;
    stages?: { measure?: { job?: string } };
  };
  try {
    plan = JSON.parse(map.data?.['plan.json'] ?? '') as typeof plan;
  } catch (error) {
    throw new ClusterError('config', `${where}: is not JSON: ${(error as Error).message} (apply the manifests again)`);
  }
  const spec = specSchema.safeParse(plan.spec);
  const { runId, specHash: hash, stages } = plan;
  if (plan.schema !== 'hps-bench/plan/1' || !spec.success || runId === undefined || hash === undefined)
    throw new ClusterError('config', `${where}: is not a plan of this release (use the release that rendered it)`);
  if (specHash(spec.data) !== hash)
    throw new ClusterError(
      'config',
      `${where}: has spec ${hash}, which this release reads as ${specHash(spec.data)} (use the release that rendered it)`,
    );
  const { creationTimestamp: createdAt = new Date(0).toISOString() } = map.metadata;
  return { runId, spec: spec.data, specHash: hash, createdAt, measureJob: stages?.measure?.job ?? '' };
}
