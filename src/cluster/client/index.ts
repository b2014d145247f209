/** A cluster as the command line sees it: kubeconfig, calls, errors that say what to do. */
export {
  Client,
  FIELD_MANAGER,
  type DeleteOptions,
  type KubernetesObject,
  type ListOptions,
  type LogOptions,
  type Page,
} from './client.js';
export { loadTarget, type ClientOptions } from './config.js';
export { ClusterError, type ClusterErrorKind } from './errors.js';
export * from './resources.js';
export { retrying, type RetryOptions } from './retry.js';
export type { WatchEvent } from './watch.js';
