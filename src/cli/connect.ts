import { Client, type ClientOptions } from '../cluster/client/index.js';
import type { ClusterOptions } from './cluster-options.js';

/** Asks nothing of the cluster yet. @throws ClusterError of kind `config` */
export function connect(options: ClusterOptions, namespace: string): Client {
  const { context, kubeconfig, as, asGroup } = options;
  const given: ClientOptions = {
    namespace,
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(as === undefined ? {} : { as }),
    ...(asGroup === undefined ? {} : { asGroups: asGroup }),
  };
  return Client.connect(given);
}
