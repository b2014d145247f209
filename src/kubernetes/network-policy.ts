import type {
  V1NetworkPolicy,
  V1NetworkPolicyIngressRule,
  V1NetworkPolicyPeer,
  V1NetworkPolicySpec,
} from '@kubernetes/client-node';
import { appLabels } from './labels.js';

type IngressRule = Omit<V1NetworkPolicyIngressRule, '_from'> & { from?: V1NetworkPolicyPeer[] };

/** client-node's type but for `from`, which it calls `_from`: a manifest has Kubernetes' own name. */
export type NetworkPolicySpec = Omit<V1NetworkPolicySpec, 'ingress'> & { ingress?: IngressRule[] };

export function networkPolicy(
  namespace: string,
  name: string,
  spec: NetworkPolicySpec,
): Omit<V1NetworkPolicy, 'spec'> & { spec: NetworkPolicySpec } {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: { ...appLabels() } },
    spec,
  };
}
