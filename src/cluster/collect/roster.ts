import type { Change } from './feed.js';
import { indexOf, jobNameOf, type Job, type Pod, uidOf } from './pod.js';
import type { ClusterRun } from './run-plan.js';
import { fleetUnits, Unit, unitsOf, type UnitPod } from './unit.js';

/** Which units a run has, and which pods they have, as lists and watches tell it. */
export class Roster {
  readonly units = new Map<string, Unit>();
  /** Names of Jobs of this run id that belong to another spec. */
  readonly others = new Set<string>();
  private readonly byJob = new Map<string, Unit[]>();
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
    this.byJob.set(unit.job, [...(this.byJob.get(unit.job) ?? []).filter(({ name }) => name !== unit.name), unit]);
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
    const made = unitsOf(job, this.run.specHash, this.run.measureJob);
    // Units of an earlier collection that the Job has are known without their numbers.
    const known = made.map((unit) => this.recalled(unit) ?? this.enlist(unit));
    if (known.length === 0) {
      this.others.add(name);
      return;
    }
    this.byJob.set(name, known);
    for (const unit of known) unit.jobObject = job;
    for (const [uid, pod] of this.early)
      if (jobNameOf(pod) === name) {
        this.early.delete(uid);
        this.seePod(pod);
      }
    for (const unit of known) this.settle(unit);
  }

  private recalled({ name, index }: Unit): Unit | undefined {
    const known = this.units.get(name);
    if (known !== undefined) known.index = index;
    return known;
  }

  private ofPod(pod: Pod): Unit | undefined {
    const units = this.byJob.get(jobNameOf(pod)) ?? [];
    return units.find(({ index }) => index === indexOf(pod)) ?? units.find(({ index }) => index === null);
  }

  private seePod(pod: Pod): void {
    const unit = this.ofPod(pod);
    if (unit === undefined) {
      this.early.set(uidOf(pod), pod);
      return;
    }
    const entry = unit.see(pod);
    this.settle(unit);
    this.onPod(unit, entry);
  }

  private losePod(pod: Pod): void {
    const unit = this.ofPod(pod);
    // The last word of a pod that was deleted may be that it ended.
    const entry = unit?.see(pod);
    if (unit === undefined || entry === undefined) return;
    entry.gone = true;
    this.settle(unit);
  }

  private loseJob(name: string): void {
    for (const unit of this.byJob.get(name) ?? []) {
      unit.jobObject = undefined;
      this.settle(unit);
    }
  }

  private jobsAre(uids: ReadonlySet<string>): void {
    this.jobsListed = true;
    for (const unit of this.units.values()) {
      if (unit.jobObject !== undefined && !uids.has(unit.jobObject.metadata.uid ?? unit.job))
        unit.jobObject = undefined;
      this.settle(unit);
    }
    // What is gone, or was never applied, still owes its measurements.
    const { measureJob, specHash } = this.run;
    const owed = this.run.spec.fleet === undefined ? [] : fleetUnits(this.run);
    if (owed.length === 0 && this.units.size === 0) owed.push(new Unit(measureJob, measureJob, specHash));
    for (const unit of owed) if (!this.units.has(unit.name)) this.settle(this.enlist(unit));
  }

  private settle(unit: Unit): void {
    if (this.jobsListed && unit.isOver) this.open.delete(unit);
    else this.open.add(unit);
  }
}
