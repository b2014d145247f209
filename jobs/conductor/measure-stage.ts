/** The measuring Job beside Triton, and what it leaves in its log. */
import type { EvidenceBook } from './evidence-book.js';
import { jobStage, wasInterrupted } from './job-stage.js';
import type { Pod } from './objects.js';
import { servedStages } from './plan.js';
import { podState, type PodFailure } from './pods.js';
import { done, running, type Outcome, type Run } from './run.js';
import { restartedSince, serveStage } from './serve-stage.js';
import { conditionOf } from './status.js';
import type { IsReady } from './triton.js';

/** Exit code of measure.py when Triton, perf_analyzer or the disk would not do. */
const ENVIRONMENT = 4;

/** Log lines may reach the node's file a little after the container ended. */
const READS_AT_THE_END = 3;

export class MeasureStage {
  private endReads = 0;

  constructor(
    private readonly book: EvidenceBook,
    private readonly ready: IsReady,
  ) {}

  async look(run: Run, triton: readonly Pod[] | undefined): Promise<Outcome> {
    const serving = await serveStage(run, this.ready, triton);
    if (serving.kind === 'failed') return this.withEvidence(run, serving);
    const hold = serving.kind === 'done' ? undefined : `Triton: ${serving.message}`;
    const again = (failure: PodFailure): boolean =>
      wasInterrupted(failure) ||
      (failure.exitCode === ENVIRONMENT && this.tritonBroke(run, failure, hold, triton ?? []));
    const outcome = await jobStage(run, 'measure', servedStages(run.plan).measure, { hold, again });
    if (outcome.kind === 'failed') return this.withEvidence(run, outcome);
    const pods = await run.cluster.podsOfJob(servedStages(run.plan).measure.job);
    if (outcome.kind === 'done') return this.end(run, pods, outcome);
    await this.book.readAgain(pods);
    return hold === undefined || outcome.message === hold ? outcome : running(`${hold}; ${outcome.message}`);
  }

  /** An exit for want of Triton is worth another pod only where Triton did go away since the pod was released. */
  private tritonBroke(run: Run, failure: PodFailure, hold: string | undefined, triton: readonly Pod[]): boolean {
    const released = conditionOf(run.status, 'measure').released.find((one) => one.pod === failure.pod);
    return hold !== undefined || released === undefined || restartedSince(triton, released.at);
  }

  /** Before a failure is published, what was measured until then is read. */
  private async withEvidence(run: Run, outcome: Outcome): Promise<Outcome> {
    await this.book.read(await run.cluster.podsOfJob(servedStages(run.plan).measure.job));
    return outcome;
  }

  private async end(run: Run, pods: readonly Pod[], outcome: Outcome & { kind: 'done' }): Promise<Outcome> {
    await this.book.read(pods);
    const told = toldBy(pods);
    const same = told === undefined || told.digest === this.book.digest;
    this.endReads += 1;
    if (!same && this.endReads < READS_AT_THE_END) return running(`reads the log again: ${lack(told, this.book)}`);
    const notes = [...(same ? [] : [lack(told, this.book)]), ...this.book.unusable];
    run.status.notes.push(...notes.filter((note) => !run.status.notes.includes(note)));
    await run.tell('Measured', '', `${this.book.known.size} measurements in the log`, notes.length > 0);
    return done(outcome.message);
  }
}

interface Told {
  readonly evidence: number;
  readonly digest: string;
}

/** What measure.py says it left on the volume, from the termination message of the pod that ended well. */
function toldBy(pods: readonly Pod[]): Told | undefined {
  for (const state of pods.map((pod) => podState(pod)).reverse()) {
    if (state.kind !== 'succeeded') continue;
    try {
      const told = JSON.parse(state.message) as Partial<Told>;
      if (typeof told.digest === 'string' && typeof told.evidence === 'number')
        return { evidence: told.evidence, digest: told.digest };
    } catch {
      continue;
    }
  }
  return undefined;
}

function lack(told: Told | undefined, book: EvidenceBook): string {
  const has = `the log gave ${book.known.size} measurements (digest ${book.digest.slice(0, 12)})`;
  return told === undefined
    ? has
    : `${has}, measure.py left ${told.evidence} on the volume (digest ${told.digest.slice(0, 12)}): the log lost some`;
}
