import { SPEC_LABEL, UNIT_LABEL, unitName } from '../../kubernetes/labels.js';
import { fleetNodes, podsOnNode } from '../../spec/index.js';
import { hasEnded, uidOf, type Job, type Pod } from './pod.js';
import type { ClusterRun } from './run-plan.js';
import { toldBy, type Told } from './termination.js';
import { UnitBook } from './unit-book.js';

/** A pod of a unit, and how its log was read. */
export interface UnitPod {
  pod: Pod;
  /** It is not in the cluster any more. */
  gone: boolean;
  /** Its log was read to the end after the pod's own. */
  read: boolean;
  /** Why its log could not be read, or what of it could not be used. */
  readonly troubles: Set<string>;
}

/** One measuring Job, or one number of an indexed one: the measurements of one run on one GPU. */
export class Unit {
  readonly book = new UnitBook();
  /** By uid, oldest first. */
  readonly pods = new Map<string, UnitPod>();
  /** As last seen; undefined: not in the cluster (any more). */
  jobObject: Job | undefined;
  /** Undefined: not asked. Else what came of it. */
  volume: { readonly whole: boolean; readonly said: string } | undefined;

  constructor(
    readonly name: string,
    readonly job: string,
    readonly specHash: string,
    /** Its number in an indexed Job; null: the Job has one pod. */
    public index: number | null = null,
  ) {}

  see(pod: Pod): UnitPod {
    const known = this.pods.get(uidOf(pod));
    if (known !== undefined) {
      known.pod = pod;
      return known;
    }
    const made = { pod, gone: false, read: false, troubles: new Set<string>() };
    this.pods.set(uidOf(pod), made);
    return made;
  }

  /** The pod made last, which speaks for the unit. */
  get latest(): UnitPod | undefined {
    return [...this.pods.values()].sort((a, b) => (ageOf(a.pod) < ageOf(b.pod) ? 1 : -1))[0];
  }

  /** What measure.py told last; undefined where nobody told, or that is lost. */
  get told(): Told | undefined {
    const { latest } = this;
    return latest === undefined || !hasEnded(latest.pod) ? undefined : toldBy(latest.pod);
  }

  /** Whether nothing more will come of it: its Job or its last pod has ended well, the Job has failed, or is gone. */
  get isOver(): boolean {
    const job = this.jobObject;
    if (job === undefined || this.verdict !== undefined) return true;
    const { latest } = this;
    return latest?.pod.status?.phase === 'Succeeded';
  }

  /** What the Job controller says at the end. */
  get verdict(): { readonly type: string; readonly reason: string; readonly message: string } | undefined {
    const found = this.jobObject?.status?.conditions?.find(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    );
    return found === undefined
      ? undefined
      : { type: found.type, reason: found.reason ?? '', message: found.message ?? '' };
  }
}

const ageOf = (pod: Pod): string => `${pod.metadata.creationTimestamp ?? ''} ${pod.metadata.name}`;

/**
 * The units a Job stands for. Jobs of another spec under the same run id are none: their evidence is another's.
 * @param measureJob the Job that the run's plan names
 */
export function unitsOf(job: Job, specHash: string, measureJob: string): Unit[] {
  const { name, labels = {} } = job.metadata;
  const named = labels[UNIT_LABEL];
  const of = labels[SPEC_LABEL];
  if (of === undefined ? name !== measureJob && named === undefined : of !== specHash) return [];
  const { completionMode, completions = 1 } = job.spec ?? {};
  if (completionMode !== 'Indexed') return [new Unit(named ?? name, name, specHash)];
  return Array.from(
    { length: completions },
    (_, index) => new Unit(`${named ?? name}.${index}`, name, specHash, index),
  );
}

/** What a fleet's plan expects, whatever became of its Jobs. */
export function fleetUnits({ spec, specHash }: ClusterRun): Unit[] {
  const { fleet } = spec;
  if (fleet === undefined) return [];
  return fleetNodes(fleet).flatMap((node) =>
    Array.from(
      { length: podsOnNode(fleet, node) },
      (_, index) => new Unit(`${unitName(node.name)}.${index}`, `of node ${node.name}`, specHash, index),
    ),
  );
}
