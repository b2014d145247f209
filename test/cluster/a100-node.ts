import { KWOK_NODE } from './kwok.js';
import type { KubernetesObject } from './kubectl.js';

export interface A100NodeOptions {
  /** @default 8 */
  readonly gpus?: number;
  /** The product as GPU Feature Discovery writes it. @default 'NVIDIA-A100-SXM4-80GB' */
  readonly product?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * A node of kwok as a server with A100s looks to the scheduler: the capacities of a DGX A100, and the labels of NVIDIA's
 * GPU Feature Discovery on one whose GPUs are neither shared nor cut into MIG slices.
 */
export function a100Node(name: string, options: A100NodeOptions = {}): KubernetesObject {
  const { gpus = 8, product = 'NVIDIA-A100-SXM4-80GB', labels = {} } = options;
  const resources = {
    ...{ cpu: '256', memory: '2Ti', 'ephemeral-storage': '3Ti', pods: '110' },
    ...{ 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', 'nvidia.com/gpu': String(gpus) },
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [KWOK_NODE.key]: KWOK_NODE.value },
      labels: {
        ...{ 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': name },
        ...{
          'nvidia.com/gpu.present': 'true',
          'nvidia.com/gpu.count': String(gpus),
          'nvidia.com/gpu.product': product,
        },
        ...{ 'nvidia.com/gpu.memory': '81920', 'nvidia.com/gpu.family': 'ampere', 'nvidia.com/gpu.replicas': '1' },
        ...{ 'nvidia.com/gpu.compute.major': '8', 'nvidia.com/gpu.compute.minor': '0' },
        ...{
          'nvidia.com/gpu.sharing-strategy': 'none',
          'nvidia.com/mig.capable': 'true',
          'nvidia.com/mig.strategy': 'single',
        },
        ...{ 'nvidia.com/mig.config': 'all-disabled', 'nvidia.com/mig.config.state': 'success' },
        ...labels,
      },
    },
    status: { capacity: resources, allocatable: resources },
  };
}
