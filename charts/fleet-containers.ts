import type { V1Container } from '@kubernetes/client-node';
import { container, fleetDisk, type Mounted, sizeOf } from '../src/kubernetes/index.js';
import type { Bench, Run } from './bench.js';
import { program } from './settings-map.js';
import { tritonContainer } from './triton-container.js';

export interface FleetPod {
  /** GPUs of the node that the pod holds beside the one that it measures on. */
  readonly others: number;
  readonly mounts: readonly Mounted[];
}

export interface FleetContainers {
  readonly initContainers: V1Container[];
  readonly measure: V1Container;
}

/**
 * The containers of a pod of a fleet in the order in which they start. The builder stands before Triton: the kubelet hands the
 * GPU of an init container that has ended to the next one that asks for a GPU, so both have the same one and the pod asks for
 * one in all (KEP-753). Measuring has none; when it ends, however it ends, the kubelet ends Triton, and the GPU is free.
 */
export function fleetContainers(bench: Bench, run: Run, { others, mounts: given }: FleetPod): FleetContainers {
  const { spec } = run;
  const mounts = [...given];
  const copy = container({
    name: 'copy-models',
    image: bench.image('measure'),
    ...program('copy_models.py'),
    ...sizeOf(spec, 'measure'),
    gpus: 0,
    mounts,
  });
  const builder = container({
    name: 'build-engines',
    image: bench.image('buildEngines'),
    ...program('build_engines.py'),
    ...sizeOf(spec, 'buildEngines'),
    gpus: 1,
    mounts,
  });
  const holder = container({
    name: 'hold-gpus',
    image: bench.image('measure'),
    command: ['python3', '/programs/hold_gpus.py'],
    cpu: '1',
    memory: '256Mi',
    gpus: others,
    mounts: mounts.slice(0, 1),
  });
  const measure = container({
    name: 'measure',
    image: bench.image('measure'),
    ...program('measure.py'),
    ...sizeOf(spec, 'measure'),
    disk: fleetDisk(spec),
    gpus: 0,
    mounts,
  });
  const initContainers = [
    copy,
    ...(others > 0 ? [sidecar(holder)] : []),
    ...(bench.engines ? [builder] : []),
    sidecar(tritonContainer(bench, run, mounts, 1)),
  ];
  return { initContainers, measure };
}

/** Runs from its turn to the end of the pod (Kubernetes 1.29). */
const sidecar = (made: V1Container): V1Container => Object.assign(made, { restartPolicy: 'Always' });
