import { containersOf, mainOf, type Condition, type Pod, type Terminated } from '../pod.js';
import { wordsOf } from '../termination.js';
import type { FailureKind } from './kinds.js';

/** What the rows look at. */
export interface Facts {
  readonly pod: Pod;
  /** Of a container that waits. */
  readonly waiting: string;
  /** The sentence beside it, or the scheduler's, or the kubelet's. */
  readonly sentence: string;
  /** Of the pod: Evicted, DeadlineExceeded, NodeLost … */
  readonly reason: string;
  /** The cause of a disruption, by the condition DisruptionTarget. */
  readonly disruption: string;
  readonly ended: Terminated | undefined;
  /** What the program says in its termination message. */
  readonly said: string;
}

export interface Row {
  readonly kind: FailureKind;
  readonly fits: (facts: Facts) => boolean;
  readonly what: (facts: Facts) => string;
  readonly fix: string;
}

export const exit = (code: number, said = /./) => {
  return ({ ended, said: words }: Facts): boolean => ended?.exitCode === code && (code !== 4 || said.test(words));
};
export const waits = (...reasons: string[]) => {
  return ({ waiting }: Facts): boolean => reasons.includes(waiting);
};
export const waiting = ({ waiting: reason, sentence }: Facts): string => [reason, sentence].filter(Boolean).join(': ');
export const scheduler = ({ sentence }: Facts): string => `the scheduler says: ${sentence}`;
export const own = ({ reason, sentence, said }: Facts): string => [reason, sentence || said].filter(Boolean).join(': ');
export const program = ({ ended, said }: Facts): string =>
  `ended with code ${String(ended?.exitCode)}: ${said || 'without a word'}`;
export const unscheduled = ({ pod }: Facts): boolean =>
  (pod.status?.conditions ?? []).some(({ type, status }) => type === 'PodScheduled' && status !== 'True');

export function factsOf(pod: Pod): Facts {
  const { reason = '' } = pod.status ?? {};
  const waitingOne = containersOf(pod).find((one) => one.state?.waiting?.reason !== undefined)?.state?.waiting;
  const ended = endOf(pod, waitingOne !== undefined);
  return {
    ...{ pod, ended, reason },
    waiting: waitingOne?.reason ?? '',
    sentence: waitingOne?.message ?? sentenceOf(pod),
    disruption: disruptionOf(pod)?.reason ?? '',
    said: wordsOf(ended?.message ?? '').reason,
  };
}

/** The first container that ended badly; where one waits to be started again, how it ended before. */
function endOf(pod: Pod, isWaiting: boolean): Terminated | undefined {
  const failed = containersOf(pod).find((one) => (one.state?.terminated?.exitCode ?? 0) !== 0);
  return failed?.state?.terminated ?? (isWaiting ? mainOf(pod)?.lastState?.terminated : undefined);
}

function sentenceOf(pod: Pod): string {
  const { message, conditions = [] } = pod.status ?? {};
  const scheduled = conditions.find((one) => one.type === 'PodScheduled' && one.status === 'False');
  return message ?? scheduled?.message ?? disruptionOf(pod)?.message ?? '';
}

const disruptionOf = (pod: Pod): Condition | undefined =>
  pod.status?.conditions?.find((one) => one.type === 'DisruptionTarget' && one.status === 'True');
