import type { Change } from './feed.js';
import { jobNameOf, type Job, type Pod, uidOf } from './pod.js';
import type { ClusterRun } from './run-plan.js';
import { Unit, unitOf, type UnitPod } from './unit.js';

/** Which units a run has, and which pods they have, as lists and watches tell it. */
export class Roster {
  readonly units = new Map<string, Unit>();
  /** Names of Jobs of this run id that belong to another spec. */
  readonly others = new Set<string>();
  private readonly byJob = new Map<string, Unit>();
  /** Pods that came before their Job. */
  private readonly early = new Map<string, Pod>();
  /** Units of which something may still come. */
  private readonly open = new Set<Unit>();
  private jobsListed = false;
  private podsListed = false;

  /** @param onPod told of every pod of a unit that is new or has changed */
  constructor(
    private readonly run: ClusterRun,
    private readonly onPod: (unit: Unit, entry: UnitPod) => void,
  ) {}

  /** Everything was listed once, and nothing more will come of any unit. */
  get isOver(): boolean {
    return this.jobsListed && this.podsListed && this.open.size === 0;
  }

  enlist(unit: Unit): Unit {
    this.units.set(unit.name, unit);
    this.byJob.set(unit.job, unit);
    this.open.add(unit);
    return unit;
  }

  seeJobs(change: Change<Job>): void {
    if (change.kind === 'page') for (const job of change.items) this.seeJob(job);
    else if (change.kind === 'changed') this.seeJob(change.item);
    else if (change.kind === 'deleted') this.loseJob(change.item.metadata.name);
    else this.jobsAre(change.uids);
  }

  seePods(change: Change<Pod>): void {
    if (change.kind === 'page') for (const pod of change.items) this.seePod(pod);
    else if (change.kind === 'changed') this.seePod(change.item);
    else if (change.kind === 'deleted') this.losePod(change.item);
    else {
      this.podsListed = true;
      for (const unit of this.units.values())
        for (const [uid, entry] of unit.pods) if (!change.uids.has(uid)) entry.gone = true;
    }
  }

  private seeJob(job: Job): void {
    const { name } = job.metadata;
    const known = this.byJob.get(name) ?? unitOf(job, this.run.specHash, this.run.measureJob);
    if (known === undefined) {
      this.others.add(name);
      return;
    }
    known.jobObject = job;
    if (!this.byJob.has(name)) this.enlist(known);
    for (const [uid, pod] of this.early)
      if (jobNameOf(pod) === name) {
        this.early.delete(uid);
        this.seePod(pod);
      }
    this.settle(known);
  }

  private seePod(pod: Pod): void {
    const unit = this.byJob.get(jobNameOf(pod));
    if (unit === undefined) {
      this.early.set(uidOf(pod), pod);
      return;
    }
    const entry = unit.see(pod);
    this.settle(unit);
    this.onPod(unit, entry);
  }

  private losePod(pod: Pod): void {
    const unit = this.byJob.get(jobNameOf(pod));
    // The last word of a pod that was deleted may be that it ended.
    const entry = unit?.see(pod);
    if (unit === undefined || entry === undefined) return;
    entry.gone = true;
    this.settle(unit);
  }

  private loseJob(name: string): void {
    const unit = this.byJob.get(name);
    if (unit === undefined) return;
    unit.jobObject = undefined;
    this.settle(unit);
  }

  private jobsAre(uids: ReadonlySet<string>): void {
    this.jobsListed = true;
    for (const unit of this.units.values()) {
      if (unit.jobObject !== undefined && !uids.has(unit.jobObject.metadata.uid ?? unit.job))
        unit.jobObject = undefined;
      this.settle(unit);
    }
    // A run whose only Job is gone, or was never applied, still owes its measurements.
    const { measureJob, specHash } = this.run;
    if (this.units.size === 0) this.settle(this.enlist(new Unit(measureJob, measureJob, specHash)));
  }

  private settle(unit: Unit): void {
    if (this.jobsListed && unit.isOver) this.open.delete(unit);
    else this.open.add(unit);
  }
}
