import type { V1ConfigMap, V1Job, V1RoleBinding } from '@kubernetes/client-node';
import { Chart } from 'cdk8s';
import { ServiceAccount } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { permissions } from '../jobs/conductor/permissions.js';
import {
  apiObject,
  configVolume,
  container,
  failOn,
  filesVolume,
  job,
  keyed,
  type MappedFiles,
  podTemplate,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import type { Bench, Run } from './bench.js';
import type { JobFiles } from './job-files.js';
import { type FleetNames, isFleet, planOf, type StageNames } from './plan.js';
import { readableJson } from './readable-json.js';

const STAGE = 'conductor';
/** Bad input, incomplete, environment: another start would end the same. */
const FINAL_CODES = [2, 3, 4];
/** The conductor's state is the cluster's, so that it may be killed anywhere and goes on. */
const RESTARTS = 10;

type Names = StageNames | FleetNames;

/** The program that lets the stages begin in order and publishes the results; the only pods with a token. */
export class ConductorChart extends Chart {
  constructor(scope: Construct, bench: Bench, program: JobFiles, namesOf: (run: Run) => Names) {
    super(scope, '70-conductor', { namespace: bench.namespace });
    new ServiceAccount(this, 'account', {
      metadata: { name: STAGE, labels: { ...stageLabels(STAGE) } },
      // Only the conductor's own pod template asks for one.
      automountToken: false,
    });
    for (const run of bench.runs) this.conductor(bench, run, program, namesOf(run));
  }

  private conductor(bench: Bench, run: Run, program: JobFiles, names: Names): void {
    const id = bench.runs.length === 1 ? '' : `-${run.spec.variants.join('-')}`;
    // One key for both: the plan holds the Job's name, and the Job mounts the plan.
    const [made, map, plan] = keyed((key) => conductorObjects(bench, run, program, names, key));
    apiObject(this, `program${id}`, map);
    if (plan !== undefined) apiObject(this, `plan${id}`, plan);
    const [role, binding] = access(bench, run, names, made.metadata?.name ?? '');
    apiObject(this, `role${id}`, role);
    apiObject(this, `binding${id}`, binding);
    apiObject(this, `job${id}`, made);
  }
}

function conductorObjects(
  bench: Bench,
  run: Run,
  program: JobFiles,
  names: Names,
  key: string,
): [V1Job, V1ConfigMap, ...V1ConfigMap[]] {
  const { namespace, spec } = bench;
  const labels = stageLabels(STAGE, run.runId);
  const name = `${STAGE}-${key}-${run.runId}`;
  const plan = { 'plan.json': readableJson(planOf(bench, run, names, name)) };
  const files = Object.fromEntries(program);
  const mapOf = (prefix: string, data: Record<string, string>): V1ConfigMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${prefix}-${key}`, namespace, labels: { ...labels } },
    immutable: true,
    data,
  });
  // The names of a fleet's nodes have no room beside the program.
  const apart = isFleet(names);
  const maps: [V1ConfigMap, ...V1ConfigMap[]] = apart
    ? [mapOf(STAGE, files), mapOf('plan', plan)]
    : [mapOf(STAGE, { ...files, ...plan })];
  const mounted = apart
    ? filesVolume('conductor', '/conductor', maps.map(filesOf))
    : configVolume('conductor', '/conductor', `${STAGE}-${key}`);
  const template = podTemplate({
    labels,
    cluster: spec.cluster,
    containers: [
      container({
        name: STAGE,
        image: spec.cluster.stages.conductor.image,
        command: ['node', '/conductor/conductor.mjs', '--plan', '/conductor/plan.json'],
        ...sizeOf(spec, 'conductor'),
        gpus: 0,
        mounts: [mounted],
      }),
    ],
    mounts: [mounted],
    // Anywhere but beside the volume, which it does not need.
    placement: spec.cluster.tolerations.length === 0 ? {} : { tolerations: spec.cluster.tolerations },
    gated: false,
    terminationGracePeriodSeconds: 60,
    activeDeadlineSeconds: bench.bounds.job,
    restartPolicy: 'Never',
    serviceAccount: STAGE,
  });
  const made = job({
    name,
    namespace,
    labels,
    template,
    activeDeadlineSeconds: bench.bounds.job,
    backoffLimit: RESTARTS,
    failurePolicy: failOn(FINAL_CODES),
  });
  return [made, ...maps];
}

const filesOf = ({ metadata, data = {} }: V1ConfigMap): MappedFiles => ({
  configMap: metadata?.name ?? '',
  files: new Map(Object.keys(data).map((name) => [name, name])),
});

/** What the conductor of one run may do. A Role for each run: that of an earlier one must go on while it does. */
function access(bench: Bench, run: Run, names: Names, conductorJob: string) {
  const { namespace } = bench;
  const name = `${STAGE}-${run.runId}`;
  const labels = stageLabels(STAGE, run.runId);
  const plan = planOf(bench, run, names, conductorJob);
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name, namespace, labels: { ...labels } },
    rules: permissions(plan),
  };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace, labels: { ...labels } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name: STAGE, namespace }],
  } satisfies V1RoleBinding;
  return [role, binding] as const;
}
