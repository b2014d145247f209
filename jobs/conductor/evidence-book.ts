/** Everything that is known of the run's measurements: published before, and read from the measuring pods' logs. */
import { ApiError } from './api.js';
import type { Clock } from './clock.js';
import type { Cluster } from './cluster.js';
import type { Pod } from './objects.js';
import type { AnyPlan } from './plan.js';
import { podState } from './pods.js';
import { evidenceDigest, keyOf, readEvidenceLog, type MeasurementRecord } from './records.js';

/** A log is read whole each time; this bounds how often, and how many bytes a second that is. */
const EVERY_SECONDS = 15;
const BYTES_PER_SECOND = 200_000;

export class EvidenceBook {
  readonly known = new Map<string, MeasurementRecord>();
  /** Frames that could not be used, a line each. */
  unusable: readonly string[] = [];
  private readAt = -Infinity;
  private readBytes = 0;

  constructor(
    private readonly plan: AnyPlan,
    private readonly cluster: Cluster,
    private readonly clock: Clock,
  ) {}

  /** What an earlier conductor judged and published. */
  seed(records: readonly MeasurementRecord[]): void {
    for (const record of records) this.known.set(keyOf(record), record);
  }

  /** Reads the logs if it is time to. @returns whether something new was in them */
  async readAgain(pods: readonly Pod[]): Promise<boolean> {
    const pause = Math.max(EVERY_SECONDS, this.readBytes / BYTES_PER_SECOND) * 1000;
    return this.clock.now() - this.readAt < pause ? false : this.read(pods);
  }

  /** Reads the logs of all measuring pods that ever began. */
  async read(pods: readonly Pod[]): Promise<boolean> {
    const before = this.known.size;
    const unusable: string[] = [];
    this.readBytes = 0;
    for (const pod of pods) {
      const state = podState(pod);
      if (state.kind === 'gated' || state.kind === 'waiting') continue;
      const cutIsNormal = state.kind === 'running';
      const lines = await this.readPod(pod);
      unusable.push(...lines.filter((line) => !cutIsNormal || !line.includes('before its end')));
    }
    this.unusable = unusable;
    this.readAt = this.clock.now();
    return this.known.size > before;
  }

  /** Digest of what is known, to hold against the one that measure.py noted. */
  get digest(): string {
    return evidenceDigest(this.known);
  }

  private async readPod(pod: Pod): Promise<string[]> {
    const main = pod.status?.containerStatuses?.[0];
    const container = main?.name ?? null;
    const instances = (main?.restartCount ?? 0) > 0 ? [true, false] : [false];
    const unusable: string[] = [];
    for (const previous of instances)
      try {
        const log = this.counted(this.cluster.log(pod.metadata.name, container, previous));
        unusable.push(...(await readEvidenceLog(log, this.plan, this.known)));
      } catch (error) {
        // A log that is gone or breaks off is read again, or was read before.
        if (!(error instanceof ApiError)) throw error;
      }
    return unusable;
  }

  private async *counted(stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of stream) {
      this.readBytes += chunk.length;
      yield chunk;
    }
  }
}
