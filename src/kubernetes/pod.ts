import type {
  V1Container,
  V1EnvVar,
  V1PodSpec,
  V1PodTemplateSpec,
  V1ResourceRequirements,
} from '@kubernetes/client-node';
import type { Spec } from '../spec/index.js';
import { GATE, type Labels } from './labels.js';
import type { Placement } from './placement.js';
import { containerSecurity, podSecurity } from './security.js';
import { type Mounted, scratchVolume } from './volumes.js';

export const GPU = 'nvidia.com/gpu';

export interface ContainerProps {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** Canonical quantities; request and limit alike, so that the pod is Guaranteed. */
  readonly cpu: string;
  readonly memory: string;
  /** GPUs the container holds. */
  readonly gpus: number;
  /** Space on the node's own disk, all emptyDirs of the pod included. @default not asked for */
  readonly disk?: string;
  readonly mounts: readonly Mounted[];
  /** @default none besides HOME and TMPDIR */
  readonly env?: readonly V1EnvVar[];
  /** Ports, probes and whatever else only this container has. */
  readonly more?: Partial<V1Container>;
}

/** Programs of jobs/ run from a folder they cannot write to, and what they print is read as it comes. */
export const PYTHON: readonly V1EnvVar[] = [
  { name: 'PYTHONDONTWRITEBYTECODE', value: '1' },
  { name: 'PYTHONUNBUFFERED', value: '1' },
];

/** A container that runs a program as an ordinary user on a root file system it cannot write to. */
export function container(props: ContainerProps): V1Container {
  return {
    name: props.name,
    image: props.image,
    imagePullPolicy: 'IfNotPresent',
    command: [...props.command],
    workingDir: '/tmp',
    env: [
      { name: 'HOME', value: '/tmp' },
      { name: 'TMPDIR', value: '/tmp' },
      // NVIDIA's images ask for all GPUs; where their runtime is the default, a pod that was given none would get them.
      ...(props.gpus === 0 ? [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'void' }] : []),
      ...(props.env ?? []),
    ],
    resources: resources(props),
    securityContext: containerSecurity(),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [...props.mounts, scratchVolume()].map(({ mount }) => mount),
    ...props.more,
  };
}

function resources({ cpu, memory, gpus, disk }: ContainerProps): V1ResourceRequirements {
  const amount = {
    cpu,
    memory,
    ...(disk === undefined ? {} : { 'ephemeral-storage': disk }),
    ...(gpus > 0 ? { [GPU]: String(gpus) } : {}),
  };
  return { requests: amount, limits: { ...amount } };
}

export interface PodProps {
  readonly labels: Labels;
  readonly cluster: Spec['cluster'];
  readonly containers: readonly V1Container[];
  /** @default none */
  readonly initContainers?: readonly V1Container[];
  readonly mounts: readonly Mounted[];
  readonly placement: Placement;
  /** Whether the pod waits until the conductor releases it. */
  readonly gated: boolean;
  readonly terminationGracePeriodSeconds: number;
  /** Bound of the pod from its start on a node. @default none: only where the kind of owner refuses one */
  readonly activeDeadlineSeconds?: number;
  readonly restartPolicy: 'Never' | 'Always';
  /** @default no account of its own and no token */
  readonly serviceAccount?: string;
}

export function podTemplate(props: PodProps): V1PodTemplateSpec {
  const { cluster } = props;
  const usesGpu = [...props.containers, ...(props.initContainers ?? [])].some(
    (item) => item.resources?.limits?.[GPU] !== undefined,
  );
  const spec: V1PodSpec = {
    automountServiceAccountToken: props.serviceAccount !== undefined,
    ...(props.serviceAccount === undefined ? {} : { serviceAccountName: props.serviceAccount }),
    // One environment variable per Service of the namespace would be part of what is measured.
    enableServiceLinks: false,
    restartPolicy: props.restartPolicy,
    terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
    ...(props.activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds: props.activeDeadlineSeconds }),
    ...(props.gated ? { schedulingGates: [{ name: GATE }] } : {}),
    ...(usesGpu && cluster.runtimeClass !== undefined ? { runtimeClassName: cluster.runtimeClass } : {}),
    ...(cluster.priorityClass === undefined ? {} : { priorityClassName: cluster.priorityClass }),
    ...(cluster.pullSecrets.length === 0 ? {} : { imagePullSecrets: cluster.pullSecrets.map((name) => ({ name })) }),
    ...props.placement,
    securityContext: podSecurity(),
    ...(props.initContainers === undefined ? {} : { initContainers: [...props.initContainers] }),
    containers: [...props.containers],
    volumes: [...props.mounts, scratchVolume()].map(({ volume }) => volume),
  };
  return { metadata: { labels: { ...props.labels } }, spec };
}
