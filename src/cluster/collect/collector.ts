import { join } from 'node:path';
import { writeWhole } from '../../records/index.js';
import { indexEvidence } from '../../results/run-evidence.js';
import type { RunFolder } from '../../results/run-folder.js';
import { StoreWriter, type UnitState } from '../../results/store/index.js';
import { plannedMeasurements } from '../../spec/index.js';
import { JOBS, PODS, type Client, type RetryOptions } from '../client/index.js';
import { conductorSays } from './conductor-says.js';
import { feed } from './feed.js';
import { Lanes } from './lanes.js';
import { hasBegun, hasEnded, mainOf, slim, slimJob, uidOf, type Job, type Pod } from './pod.js';
import { podMoment, readPodLogs, type LogReading } from './pod-logs.js';
import { Roster } from './roster.js';
import { RUN_LABEL, STAGE_LABEL, type ClusterRun } from './run-plan.js';
import { Tally } from './tally.js';
import { toldBy } from './termination.js';
import { Unit, type UnitPod } from './unit.js';
import { isWhole, stateOf } from './unit-state.js';
import { readVolumes } from './volume-channel.js';

export interface CollectOptions {
  /** Stay until every unit is over. @default false: what there is now */
  readonly wait?: boolean;
  /** Whether a reader pod may look on the volume: for what the logs lack, always, or not at all. @default missing */
  readonly volume?: 'missing' | 'always' | 'never';
  /** Logs read at once. @default 64 */
  readonly parallel?: number;
  readonly retry?: RetryOptions;
  /** Ends the collection early; what was read is kept. */
  readonly signal?: AbortSignal | undefined;
  /** Told often. */
  readonly onProgress?: (tally: Tally) => void;
  /** A line that a person should see. */
  readonly say?: (line: string) => void;
}

/** A unit at the end of a collection. */
export interface UnitOutcome extends UnitState {
  readonly unit: string;
  /** Pieces of evidence in the run's folder. */
  readonly found: number;
  /** Whether nothing was lost on the way, as far as the unit has come. */
  readonly whole: boolean;
  /** Kind of the failure, one word. */
  readonly kind?: string;
}

export interface Collected {
  readonly units: readonly UnitOutcome[];
  /** Jobs of this run id that belong to another spec. */
  readonly others: readonly string[];
  readonly tally: Tally;
}

/** While waiting: how often the conductor is asked whether it is done, and running pods are read, in ms. */
const LOOK_MS = 10_000;
const READ_RUNNING_MS = 300_000;

/** Brings what the pods of a run measured into its folder: by logs, termination messages and the volume. */
export class Collector {
  readonly tally = new Tally();
  private readonly roster: Roster;
  /** What was read of each pod, by uid. */
  private readonly moments = new Map<string, string>();
  private readonly readAt = new Map<string, number>();
  private readonly ids: readonly string[];
  private readonly writer: StoreWriter;
  private readonly lanes: Lanes;
  private readonly before: ReadonlyMap<string, UnitState>;
  private readonly reading: LogReading;

  constructor(
    private readonly client: Client,
    private readonly run: ClusterRun,
    private readonly folder: RunFolder,
    private readonly options: CollectOptions = {},
  ) {
    this.ids = plannedMeasurements(run.spec).map((item) => item.id);
    this.lanes = new Lanes(options.parallel ?? 64);
    this.roster = new Roster(run, (unit, entry) => {
      this.consider(unit, entry);
    });
    this.before = this.recall();
    this.writer = new StoreWriter(join(folder.path, 'evidence'));
    this.reading = this.readingOf(options);
  }

  /** @throws ClusterError where the cluster keeps refusing; what was read until then is kept */
  async collect(): Promise<Collected> {
    try {
      if (this.options.wait === true) await this.follow();
      else {
        await this.jobs(true);
        await this.pods(true);
      }
      await this.lanes.idle();
      await this.askVolumes();
      const units = await this.outcome();
      return { units, others: [...this.roster.others].sort(), tally: this.tally };
    } finally {
      this.writer.close();
    }
  }

  private readingOf({ retry = {}, signal, onProgress }: CollectOptions): LogReading {
    return {
      ...{ client: this.client, run: this.run, writer: this.writer, retry, signal },
      onBytes: (count) => {
        this.tally.bytes += count;
        onProgress?.(this.tally);
      },
      onRetry: () => {
        this.tally.retries += 1;
      },
      onParity: (document) => {
        this.keepParity(document);
      },
    };
  }

  /** What earlier collections found, units that are gone by now included. */
  private recall(): ReadonlyMap<string, UnitState> {
    const { units, keys } = indexEvidence(this.folder.path);
    for (const [name, state] of units) this.roster.enlist(new Unit(name, state.job, state.spec_hash));
    for (const [name, known] of keys) {
      const unit = this.roster.units.get(name) ?? this.roster.enlist(new Unit(name, name, this.run.specHash));
      for (const [key, pieces] of known) for (const piece of pieces) unit.book.put(key, piece, 'an earlier collection');
      this.tally.known += unit.book.size;
    }
    return units;
  }

  private async jobs(once: boolean, signal = this.options.signal, onChange = (): void => undefined): Promise<void> {
    const options = { labelSelector: this.selector, keep: slimJob, once, signal, retry: this.reading.retry };
    for await (const change of feed<Job>(this.client, JOBS, options)) {
      this.roster.seeJobs(change);
      this.tally.units = this.roster.units.size;
      onChange();
    }
  }

  private async pods(once: boolean, signal = this.options.signal, onChange = (): void => undefined): Promise<void> {
    const options = { labelSelector: this.selector, keep: slim, once, signal, retry: this.reading.retry };
    for await (const change of feed<Pod>(this.client, PODS, options)) {
      this.roster.seePods(change);
      onChange();
    }
  }

  private get selector(): string {
    return `${RUN_LABEL}=${this.run.runId},${STAGE_LABEL}=measure`;
  }

  /** Until every unit is over, or the conductor is. */
  private async follow(): Promise<void> {
    const done = new AbortController();
    const { signal } = this.options;
    const stop = (): void => {
      done.abort();
    };
    signal?.addEventListener('abort', stop, { once: true });
    const onChange = (): void => {
      if (this.roster.isOver) stop();
    };
    const looking = setInterval(() => {
      this.readRunning();
      void conductorSays(this.client, this.run, { attempts: 1 }).then(
        (said) => {
          if (said?.finished === true) setTimeout(stop, LOOK_MS / 2);
        },
        () => undefined,
      );
    }, LOOK_MS);
    try {
      await Promise.all([this.jobs(false, done.signal, onChange), this.pods(false, done.signal, onChange)]);
    } finally {
      clearInterval(looking);
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  /** A pod that is deleted takes its log along: what a running one has measured is read now and then. */
  private readRunning(): void {
    for (const unit of this.roster.units.values())
      for (const [uid, entry] of unit.pods) {
        const at = this.readAt.get(uid) ?? 0;
        if (hasBegun(entry.pod) && !hasEnded(entry.pod) && !entry.gone && Date.now() - at > READ_RUNNING_MS)
          this.enqueue(unit, entry);
      }
  }

  private consider(unit: Unit, entry: UnitPod): void {
    const { pod } = entry;
    if (!hasBegun(pod)) return;
    const uid = uidOf(pod);
    const moment = podMoment(pod);
    const before = this.moments.get(uid);
    if (before === moment) return;
    if (before === undefined) this.tally.pods += 1;
    this.moments.set(uid, moment);
    const isQuiet =
      !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined && (mainOf(pod)?.restartCount ?? 0) === 0;
    // While waiting, the log of a pod that runs on is read at its end.
    if (this.options.wait === true && isQuiet) {
      this.readAt.set(uid, Date.now());
      return;
    }
    if (hasEnded(pod) && unit.book.matches(toldBy(pod))) {
      entry.read = true;
      this.tally.read += 1;
      return;
    }
    this.enqueue(unit, entry);
  }

  private enqueue(unit: Unit, entry: UnitPod): void {
    const uid = uidOf(entry.pod);
    const again = this.readAt.has(uid) && this.options.wait !== true;
    this.readAt.set(uid, Date.now());
    this.lanes.add(async () => {
      if (this.options.signal?.aborted === true) return;
      await readPodLogs(this.reading, unit, entry);
      if (!again && (hasEnded(entry.pod) || this.options.wait !== true)) this.tally.read += 1;
      this.options.onProgress?.(this.tally);
    });
  }

  private async askVolumes(): Promise<void> {
    const { volume = 'missing', say = () => undefined, signal } = this.options;
    if (volume === 'never' || signal?.aborted === true) return;
    const wanted = [...this.roster.units.values()].filter((unit) => {
      const { latest } = unit;
      const ended = unit.isOver || (latest !== undefined && (hasEnded(latest.pod) || latest.gone));
      return volume === 'always' || (ended && !isWhole(unit, this.ids));
    });
    await readVolumes({ ...this.reading, say }, wanted);
  }

  private keepParity(document: unknown): void {
    // One folder has room for one: that of a run of many units is in their evidence.
    if (this.roster.units.size === 1)
      writeWhole(join(this.folder.path, 'parity.json'), `${JSON.stringify(document)}\n`);
  }

  private async outcome(): Promise<UnitOutcome[]> {
    const said = await conductorSays(this.client, this.run, { ...this.reading.retry, attempts: 2 }).catch(
      () => undefined,
    );
    return [...this.roster.units.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((unit) => {
        const { kind, ...state } = stateOf(unit, this.ids, said?.failure);
        const before = this.before.get(unit.name);
        // A Job that was seen to fail and is gone by now has failed all the same.
        const kept = state.state === 'gone' && before?.state === 'failed' ? before : state;
        if (JSON.stringify(kept) !== JSON.stringify(before)) this.writer.unit(unit.name, kept);
        const found = unit.book.size;
        return {
          unit: unit.name,
          ...kept,
          found,
          whole: isWhole(unit, this.ids),
          ...(kind === undefined ? {} : { kind }),
        };
      });
  }
}
