import type { V1Affinity, V1NodeSelectorRequirement, V1NodeSelectorTerm, V1Toleration } from '@kubernetes/client-node';
import { gpuNodes, type Spec, withoutVendor } from '../spec/index.js';
import type { Labels } from './labels.js';

type Cluster = Spec['cluster'];

export interface Placement {
  readonly affinity?: V1Affinity;
  readonly tolerations?: V1Toleration[];
}

/** Node labels that single out whole GPUs of the product: no MIG slice, no time-sliced or MPS share. */
function gpuRequirements(cluster: Cluster): V1NodeSelectorRequirement[] {
  const product = withoutVendor(cluster.gpuProduct);
  if (cluster.nodeLabels === 'gke')
    return [
      { key: 'cloud.google.com/gke-accelerator', operator: 'In', values: [...(gpuNodes('gke')[product] ?? [])] },
      { key: 'cloud.google.com/gke-gpu-partition-size', operator: 'DoesNotExist' },
      { key: 'cloud.google.com/gke-gpu-sharing-strategy', operator: 'DoesNotExist' },
    ];
  // GPU Feature Discovery sets it where the device plug-in shares GPUs under their own resource name.
  const notShared: V1NodeSelectorRequirement = {
    key: 'nvidia.com/gpu.sharing-strategy',
    operator: 'NotIn',
    values: ['time-slicing', 'mps'],
  };
  if (cluster.nodeLabels === 'eks')
    return [
      { key: 'node.kubernetes.io/instance-type', operator: 'In', values: [...(gpuNodes('eks')[product] ?? [])] },
      notShared,
    ];
  // The label is the driver's name of the GPU: with "NVIDIA" since about 2021, without before. A MIG slice of strategy
  // "single" is called PRODUCT-MIG-1g.10gb and a shared GPU PRODUCT-SHARED, so that neither equals the product.
  // nvidia.com/mig.capable is true on every A100, sliced or not, and says nothing.
  return [{ key: 'nvidia.com/gpu.product', operator: 'In', values: [product, `NVIDIA-${product}`] }, notShared];
}

/** Where a pod that works with the volume or a GPU may run, and beside which pods it has to. */
export function placement(cluster: Cluster, beside?: Labels): Placement {
  const expressions = cluster.gpus > 0 ? gpuRequirements(cluster) : [];
  const term: V1NodeSelectorTerm = {
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
    // Not spec.nodeName, which passes over the scheduler and is refused beside a scheduling gate.
    ...(cluster.nodeName === undefined
      ? {}
      : { matchFields: [{ key: 'metadata.name', operator: 'In', values: [cluster.nodeName] }] }),
  };
  const affinity: V1Affinity = {
    // One term: terms are alternatives, and a node would have to meet only one of them.
    ...(Object.keys(term).length === 0
      ? {}
      : { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } }),
    ...(beside === undefined
      ? {}
      : {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { ...beside } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        }),
  };
  const tolerations = tolerationsOf(cluster);
  return {
    ...(Object.keys(affinity).length === 0 ? {} : { affinity }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
  };
}

function tolerationsOf(cluster: Cluster): V1Toleration[] {
  const customary: V1Toleration[] =
    cluster.gpus > 0 ? [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] : [];
  return [...customary, ...cluster.tolerations];
}
