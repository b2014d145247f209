import type { KubernetesObject } from '@kubernetes/client-node';
import { ApiObject, type ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';

/**
 * Adds a manifest as it is: typed by client-node's types, which know every field of Kubernetes 1.34 under its own name,
 * and mapped by nothing afterwards.
 */
export function apiObject(scope: Construct, id: string, manifest: KubernetesObject): ApiObject {
  return new ApiObject(scope, id, manifest as ApiObjectProps);
}
