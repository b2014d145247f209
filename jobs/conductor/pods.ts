/** What a pod's status means for the run. Pure. */
import { GATE } from './plan.js';
import type { ContainerStatus, Pod, Terminated } from './objects.js';

/** How a container ended for good, in the words of whoever knows best. */
export interface PodFailure {
  readonly pod: string;
  /** Null where no container ran: evicted, deadline of the pod. */
  readonly container: string | null;
  readonly exitCode: number | null;
  /** Kubernetes' own word: OOMKilled, Error, DeadlineExceeded, Evicted, ImagePullBackOff … */
  readonly reason: string;
  /** The termination message, or the kubelet's or scheduler's sentence. */
  readonly message: string;
  /** Doing the same again cannot help. */
  readonly final: boolean;
  /** The log with the cause is that of the container's last instance but one. */
  readonly previous: boolean;
}

export type PodState =
  /** Our gate is on it: it waits for its turn. */
  | { readonly kind: 'gated' }
  /** Not running yet. `trouble` is set where waiting alone does not help. */
  | {
      readonly kind: 'waiting';
      readonly message: string;
      readonly unscheduled: boolean;
      readonly trouble: PodFailure | null;
    }
  | {
      readonly kind: 'running';
      readonly ready: boolean;
      readonly restarts: number;
      /** How the main container ended the last time; or why one does not start. */
      readonly last: PodFailure | null;
      /** When its main container began, ISO 8601. */
      readonly since: string | undefined;
    }
  | { readonly kind: 'succeeded'; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: PodFailure };

/** Words of the kubelet for a container that will hardly start by waiting. */
const TROUBLES = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
  'PreStartHookError',
  'PostStartHookError',
]);

/** A container that ended so often will end again. */
const MOST_RESTARTS = 3;

/** Exit codes of the programs in jobs/ that say that nobody but a person can help: bad input. */
const BAD_INPUT = 2;

export function podState(pod: Pod): PodState {
  const phase = pod.status?.phase ?? 'Pending';
  if (phase === 'Succeeded') return { kind: 'succeeded', message: endMessage(pod) };
  if (phase === 'Failed') return { kind: 'failed', failure: failureOf(pod) };
  if ((pod.spec?.schedulingGates ?? []).some((gate) => gate.name === GATE)) return { kind: 'gated' };
  if (phase === 'Running') return runningState(pod);
  return waitingState(pod);
}

/** A pod that is on its way out but whose containers may still run. */
export const isLeaving = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

/** Gates of others (a queue's, for instance), which are theirs to take away. */
export function otherGates(pod: Pod): string[] {
  return (pod.spec?.schedulingGates ?? []).map((gate) => gate.name).filter((name) => name !== GATE);
}

function containers(pod: Pod): ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

function waitingState(pod: Pod): PodState {
  const others = otherGates(pod);
  if (others.length > 0)
    return { kind: 'waiting', message: `held by the gate ${others.join(', ')}`, unscheduled: true, trouble: null };
  const scheduled = pod.status?.conditions?.find((one) => one.type === 'PodScheduled');
  if (pod.spec?.nodeName === undefined && scheduled?.status !== 'True') {
    const message = scheduled?.message ?? 'waits for the scheduler';
    return { kind: 'waiting', message: `not on a node yet: ${message}`, unscheduled: true, trouble: null };
  }
  return { kind: 'waiting', message: startMessage(pod), unscheduled: false, trouble: troubleOf(pod) };
}

function startMessage(pod: Pod): string {
  const one = containers(pod).find((status) => status.state?.waiting !== undefined);
  const waiting = one?.state?.waiting;
  if (one === undefined || waiting === undefined) return 'starts';
  return `${one.name}: ${[waiting.reason, waiting.message].filter(Boolean).join(': ') || 'waits'}`;
}

function troubleOf(pod: Pod): PodFailure | null {
  for (const status of containers(pod)) {
    const waiting = status.state?.waiting;
    if (waiting?.reason === undefined || !TROUBLES.has(waiting.reason)) continue;
    const last = status.lastState?.terminated;
    if (last !== undefined) {
      const end = endOf(pod, status, last);
      return { ...end, final: end.final || (status.restartCount ?? 0) >= MOST_RESTARTS, previous: true };
    }
    const { reason, message = '' } = waiting;
    const pod_ = pod.metadata.name;
    return { pod: pod_, container: status.name, exitCode: null, reason, message, final: false, previous: false };
  }
  return null;
}

function runningState(pod: Pod): PodState {
  const main = pod.status?.containerStatuses ?? [];
  const restarts = Math.max(0, ...main.map((status) => status.restartCount ?? 0));
  const trouble = troubleOf(pod);
  const ended = main.find((status) => status.lastState?.terminated !== undefined);
  const last = ended?.lastState?.terminated;
  return {
    kind: 'running',
    ready: main.length > 0 && main.every((status) => status.ready === true),
    restarts,
    since: main
      .map((status) => status.state?.running?.startedAt ?? '')
      .sort()
      .at(-1),
    last: trouble ?? (ended && last ? { ...endOf(pod, ended, last), previous: true } : null),
  };
}

function failureOf(pod: Pod): PodFailure {
  const ended = containers(pod).find((status) => (status.state?.terminated?.exitCode ?? 0) !== 0);
  const terminated = ended?.state?.terminated;
  const own = pod.status?.reason;
  const base =
    ended && terminated
      ? endOf(pod, ended, terminated)
      : { pod: pod.metadata.name, container: null, exitCode: null, reason: own ?? 'Failed', message: '', final: false };
  // The pod's own word (DeadlineExceeded, Evicted) says more than the exit code of a container that it stopped.
  const reason = own ?? base.reason;
  const message = [pod.status?.message, base.message].filter(Boolean).join(' ');
  return { ...base, reason, message, final: base.final || reason === 'DeadlineExceeded', previous: false };
}

function endOf(pod: Pod, status: ContainerStatus, ended: Terminated): PodFailure {
  const reason = ended.reason ?? (ended.signal === undefined ? 'Error' : `signal ${ended.signal}`);
  return {
    pod: pod.metadata.name,
    container: status.name,
    exitCode: ended.exitCode,
    reason,
    message: (ended.message ?? '').trim(),
    final: ended.exitCode === BAD_INPUT || reason === 'OOMKilled',
    previous: false,
  };
}

/** What a program says in its termination message: the reason where it is the kit's JSON, else all of it. */
export function lastWords(message: string): string {
  try {
    const said = JSON.parse(message) as { reason?: unknown } | null;
    return typeof said?.reason === 'string' && said.reason !== '' ? said.reason : message;
  } catch {
    return message;
  }
}

/** Termination message of the last container of a pod that succeeded. */
function endMessage(pod: Pod): string {
  const messages = (pod.status?.containerStatuses ?? []).map((status) => status.state?.terminated?.message ?? '');
  return messages.find((message) => message !== '')?.trim() ?? '';
}
