import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  JOBS,
  LEASES,
  NETWORK_POLICIES,
  ROLE_BINDINGS,
  ROLES,
  SERVICE_ACCOUNTS,
  SERVICES,
  type KubernetesObject,
  type Resource,
} from '../client/index.js';

/** Kinds that a run, or all of them, may have made, in the order in which they go: what holds a GPU first, rights last. */
export const REMOVED: readonly Resource[] = [
  JOBS,
  DEPLOYMENTS,
  SERVICES,
  CONFIG_MAPS,
  LEASES,
  ROLE_BINDINGS,
  ROLES,
  SERVICE_ACCOUNTS,
  NETWORK_POLICIES,
];

/** An object to remove. */
export interface Doomed {
  readonly resource: Resource;
  readonly object: KubernetesObject;
}

export const doomedName = ({ resource, object }: Doomed): string => `${resource.kind} ${object.metadata.name}`;

/** Which of the kit's objects go. Pure. @param run undefined: all of them */
export function isDoomed({ metadata }: KubernetesObject, run: string | undefined): boolean {
  if (run === undefined) return true;
  // The lease of a run's conductor carries its name only.
  return metadata.labels?.['hps-bench/run'] === run || metadata.name === `conductor-${run}`;
}
