/** What the conductor's ServiceAccount may do, and nothing more: the Role is rendered from it and a test holds the two together. */
import { conductorLease, FLOOR_LEASE, resultsName, type AnyPlan } from './plan.js';

/** A rule of a Role in the plan's namespace, as RBAC has it. */
export interface PermissionRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Left out: any name, because RBAC cannot narrow a list or names that are not known before (pods). */
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** `create` on a named object works because the conductor makes objects by server-side apply, where the name is in the request. */
export function permissions(plan: Pick<AnyPlan, 'runId' | 'conductorJob' | 'stages'>): PermissionRule[] {
  const { stages } = plan;
  const serving: PermissionRule[] =
    stages.serve === undefined
      ? []
      : [
          {
            apiGroups: ['apps'],
            resources: ['deployments/scale'],
            resourceNames: [stages.serve.deployment],
            verbs: ['get', 'patch'],
          },
        ];
  // Any Job of the namespace: a list has no names, and a fleet's are too many to name.
  const fleet: PermissionRule[] =
    stages.fleet === undefined ? [] : [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'patch'] }];
  const jobs = [stages['create-models'], stages['build-engines'], stages.measure].flatMap((stage) =>
    stage === undefined ? [] : [stage.job],
  );
  return [
    { apiGroups: ['batch'], resources: ['jobs'], resourceNames: jobs, verbs: ['get'] },
    ...fleet,
    // To say on its own Job what came of the run.
    { apiGroups: ['batch'], resources: ['jobs'], resourceNames: [plan.conductorJob], verbs: ['get', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'patch'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    ...serving,
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: [resultsName(plan.runId)],
      verbs: ['create', 'get', 'patch'],
    },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [conductorLease(plan.runId), FLOOR_LEASE],
      verbs: ['create', 'get', 'patch'],
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create'] },
  ];
}
