/** Kinds of objects by their place in the API. */
export interface Resource {
  /** Such as `v1`, `batch/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const namespaced = (apiVersion: string, kind: string, plural: string): Resource => ({
  ...{ apiVersion, kind, plural },
  namespaced: true,
});

export const PODS = namespaced('v1', 'Pod', 'pods');
export const JOBS = namespaced('batch/v1', 'Job', 'jobs');
export const CONFIG_MAPS = namespaced('v1', 'ConfigMap', 'configmaps');
export const DEPLOYMENTS = namespaced('apps/v1', 'Deployment', 'deployments');
export const VOLUME_CLAIMS = namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims');
export const EVENTS = namespaced('v1', 'Event', 'events');
export const LEASES = namespaced('coordination.k8s.io/v1', 'Lease', 'leases');
export const SERVICES = namespaced('v1', 'Service', 'services');
export const SERVICE_ACCOUNTS = namespaced('v1', 'ServiceAccount', 'serviceaccounts');
export const ROLES = namespaced('rbac.authorization.k8s.io/v1', 'Role', 'roles');
export const ROLE_BINDINGS = namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings');
export const NETWORK_POLICIES = namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');
export const NAMESPACES: Resource = { ...namespaced('v1', 'Namespace', 'namespaces'), namespaced: false };
export const NODES: Resource = { ...namespaced('v1', 'Node', 'nodes'), namespaced: false };

/** Every kind that the kit's manifests are made of, and those it looks at. */
export const RESOURCES: readonly Resource[] = [
  ...[PODS, JOBS, CONFIG_MAPS, DEPLOYMENTS, VOLUME_CLAIMS, EVENTS, LEASES, SERVICES, SERVICE_ACCOUNTS, ROLES],
  ...[ROLE_BINDINGS, NETWORK_POLICIES, NAMESPACES, NODES],
];

/** The resource of an object. @throws RangeError for a kind the kit does not know */
export function resourceOf(object: { readonly apiVersion?: string; readonly kind?: string }): Resource {
  const found = RESOURCES.find(({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind);
  if (found === undefined)
    throw new RangeError(`${object.apiVersion ?? '?'} ${object.kind ?? '?'}: not a kind that the kit's manifests have`);
  return found;
}

/** Where objects of that kind are. @param namespace not used where the kind has none */
export function pathOf(resource: Resource, namespace: string, name?: string, subresource?: string): string {
  const root = resource.apiVersion.includes('/') ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`;
  const within = resource.namespaced ? `${root}/namespaces/${encodeURIComponent(namespace)}` : root;
  const parts = [within, resource.plural, ...(name === undefined ? [] : [encodeURIComponent(name)])];
  return [...parts, ...(subresource === undefined ? [] : [subresource])].join('/');
}
