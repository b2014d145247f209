import type { UnitState } from '../../results/store/index.js';
import { failureOf, type Failure } from './failures/index.js';
import { hasBegun, hasEnded } from './pod.js';
import type { Unit, UnitPod } from './unit.js';

/** Why some of a unit has no evidence, said once for the whole unit. */
interface Lack {
  readonly state: UnitState['state'];
  readonly why: string;
  readonly fix: string | null;
  readonly kind?: Failure['kind'];
}

/**
 * Where a unit stands, in one line of each channel.
 * @param ids the measurements it owes
 * @param conductor what the run's conductor says of a stage that failed before this one
 */
export function stateOf(
  unit: Unit,
  ids: readonly string[],
  conductor: string | undefined,
): UnitState & { kind?: string } {
  const { state, why, fix, kind } = lackOf(unit, ids, conductor);
  return {
    ...{ state, job: unit.job, node: unit.latest?.pod.spec?.nodeName ?? null, spec_hash: unit.specHash, why, fix },
    contradictions: [...unit.book.contradictions, ...disagreement(unit)],
    ...(kind === undefined ? {} : { kind }),
  };
}

/** Whether nothing is lost: what is there is what measure.py counted, or all that was owed. */
export function isWhole(unit: Unit, ids: readonly string[]): boolean {
  const { told } = unit;
  return told === undefined ? unit.book.covers(ids) : unit.book.matches(told);
}

function lackOf(unit: Unit, ids: readonly string[], conductor: string | undefined): Lack {
  const { latest } = unit;
  const verdict = unit.verdict;
  if (latest === undefined) {
    if (unit.jobObject === undefined)
      return gone(`Job ${unit.job} is not in the cluster: deleted, or not applied`, unit);
    if (verdict?.type === 'Failed') return failed(`Job ${unit.job} failed without a pod: ${sentence(verdict)}`, unit);
    if (verdict !== undefined) return gone(`Job ${unit.job} is complete and its pods are gone`, unit);
    const why = conductor ?? `Job ${unit.job} has no pod${unit.volume === undefined ? ' yet' : channels(unit)}`;
    return { state: 'waiting', why, fix: conductorFix(conductor) };
  }
  const vanished = latest.gone && !hasEnded(latest.pod);
  const failure = vanished ? undefined : failureOf(latest.pod);
  if (failure !== undefined) return failing(unit, latest, failure, conductor);
  if (vanished) return gone(`pod ${latest.pod.metadata.name} was deleted before it ended, as far as was seen`, unit);
  if (hasEnded(latest.pod)) return afterTheEnd(unit, ids, latest);
  const name = latest.pod.metadata.name;
  return hasBegun(latest.pod)
    ? { state: 'running', why: `pod ${name} has not measured it yet, as far as its log was read`, fix: null }
    : { state: 'waiting', why: `pod ${name} has not begun`, fix: null };
}

function failing(unit: Unit, latest: UnitPod, failure: Failure, conductor: string | undefined): Lack {
  const name = latest.pod.metadata.name;
  const over = unit.verdict?.type === 'Failed' || unit.jobObject === undefined;
  const said = failure.kind === 'gated' && conductor !== undefined ? conductor : `pod ${name}: ${failure.what}`;
  const { kind } = failure;
  if (failure.waiting && !over) return { state: 'waiting', why: said, fix: failure.fix, kind };
  return { state: 'failed', why: `${said}${channels(unit)}`, fix: failure.fix, kind };
}

/** The pod ended well, or the Job was ended otherwise: what is not there was lost on the way. */
function afterTheEnd(unit: Unit, ids: readonly string[], latest: UnitPod): Lack {
  const name = latest.pod.metadata.name;
  if (isWhole(unit, ids))
    return {
      state: 'ended',
      why: `pod ${name} ended well and did not measure it`,
      fix: 'measure again under another run id',
    };
  const { told } = unit;
  const count = told === undefined ? 'its termination message is lost' : `it counted ${told.evidence} measurements`;
  const fix =
    unit.volume === undefined
      ? 'let a reader pod look on the volume: --volume always'
      : 'measure again under another run id: what the pod left is lost';
  return { state: 'ended', why: `pod ${name} ended well (${count})${channels(unit)}`, fix };
}

const failed = (why: string, unit: Unit): Lack => ({
  ...{ state: 'failed', why: `${why}${channels(unit)}` },
  fix: 'look at it with kubectl describe job, then measure again under another run id',
});

const gone = (why: string, unit: Unit): Lack => ({
  ...{ state: 'gone', why: `${why}${channels(unit)}` },
  fix:
    unit.volume === undefined
      ? 'what it measured is on the volume: let a reader pod look there with --volume always'
      : 'measure again under another run id',
});

const conductorFix = (conductor: string | undefined): string | null =>
  conductor === undefined ? null : 'mend what the conductor names, then run again under another run id';

const sentence = ({ reason, message }: { reason: string; message: string }): string =>
  [reason, message].filter(Boolean).join(': ');

/** What each channel had, for whoever looks for the rest. */
function channels(unit: Unit): string {
  const troubles = [...unit.pods.values()].flatMap(({ pod, troubles: lines }) =>
    [...lines].map((line) => `log of ${pod.metadata.name}: ${line}`),
  );
  const shown =
    troubles.length <= 3 ? troubles : [...troubles.slice(0, 2), `and ${troubles.length - 2} more such lines`];
  const parts = [
    `${unit.book.size} found`,
    ...shown,
    ...(unit.volume === undefined ? [] : [`volume: ${unit.volume.said}`]),
  ];
  return `; ${parts.join('; ')}`;
}

/** The termination message against the evidence, once every channel was asked. */
function disagreement(unit: Unit): string[] {
  const { told, volume } = unit;
  if (told === undefined || unit.book.matches(told) || volume?.whole !== true) return [];
  return [
    `the termination message counts ${told.evidence} measurements (digest ${told.digest.slice(0, 12)}), log and volume have ${unit.book.size} (digest ${unit.book.digest().slice(0, 12)})`,
  ];
}
