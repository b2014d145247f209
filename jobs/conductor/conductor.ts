/**
 * The reconcile loop. Nothing is remembered that the cluster does not hold: each pass looks, does the next thing, and says so.
 * So it may be killed anywhere and started again, and two of them do no harm.
 */
import { ApiError, type Api } from './api.js';
import { isoTime, secondsSince, type Clock } from './clock.js';
import { Cluster } from './cluster.js';
import { EvidenceBook } from './evidence-book.js';
import { jobStage, wasInterrupted } from './job-stage.js';
import { Lease } from './lease.js';
import { MeasureStage } from './measure-stage.js';
import type { Pod } from './objects.js';
import { conductorLease, FLOOR_LEASE, resultsName, type Plan, type StageName } from './plan.js';
import { Publisher } from './publisher.js';
import { publishedIn } from './results.js';
import { done, failedBecause, type Outcome, type Run } from './run.js';
import { reconcileScale, serveStage } from './serve-stage.js';
import { currentStage, enter, exitCode, fail, firstStatus, type RunStatus } from './status.js';
import { isReady, type IsReady } from './triton.js';
import { windDown } from './wind-down.js';

/** Between two looks at the cluster. */
export const INTERVAL_MS = 2000;

/** Our own hold on the run was not renewed in time: whoever has it now goes on. */
export class LeaseLostError extends Error {}

export interface ConductorOptions {
  readonly plan: Plan;
  readonly api: Api;
  readonly clock: Clock;
  /** Unique among all processes that ever run for this run. */
  readonly identity: string;
  readonly log: (line: string) => void;
  /** @default asks Triton */
  readonly ready?: IsReady;
}

/** What a pass comes to: an exit code, or when to look again. */
export type Pass = { readonly exit: number } | { readonly again: 'at once' | 'later' };

export class Conductor {
  private readonly cluster: Cluster;
  private readonly lease: Lease;
  private readonly floor: Lease;
  private readonly ready: IsReady;
  private loaded: { run: Run; book: EvidenceBook; measure: MeasureStage } | undefined;
  private said = '';

  constructor(private readonly options: ConductorOptions) {
    const { plan, api, clock, identity } = options;
    this.lease = new Lease(api, plan.namespace, conductorLease(plan.runId), identity, clock);
    // Held by the run, not by the process: the next conductor of the same run has it at once.
    this.floor = new Lease(api, plan.namespace, FLOOR_LEASE, plan.runId, clock);
    this.ready = options.ready ?? isReady;
    this.cluster = new Cluster(api, plan.namespace, (what) => {
      if (!this.lease.sure || (what === 'workload' && !this.floor.sure))
        throw new LeaseLostError('the lease was not renewed in time');
    });
  }

  /** One look at the cluster and at most a few changes. @throws ApiError, LeaseLostError: look again later */
  async pass(): Promise<Pass> {
    try {
      return await this.steps();
    } catch (error) {
      // Somebody else changed what we go by, or we cannot be sure: begin from the cluster again.
      if (error instanceof LeaseLostError || (error instanceof ApiError && error.status === 409))
        this.loaded = undefined;
      throw error;
    }
  }

  private async steps(): Promise<Pass> {
    if (!(await this.lease.hold())) return this.standBy();
    const { run } = (this.loaded ??= await this.load());
    const { status, plan } = run;
    if (status.finishedAt !== null) return this.leave(status);
    if (!(await this.floor.hold())) return this.queue(run, this.floor.holder ?? 'another run');
    if (status.state === 'running' && secondsSince(run.clock, status.startedAt) > plan.limits.runSeconds)
      await this.failRun(
        run,
        `the run is not over after ${plan.limits.runSeconds} s (limits.runSeconds); last: ${status.message}`,
      );
    if (status.state !== 'running') return this.end(run);
    return this.advance(run);
  }

  /** Looks at the stage that is due. */
  private async advance(run: Run): Promise<Pass> {
    const { status } = run;
    const stage = currentStage(status);
    if (stage === undefined) return this.end(run);
    const before = status.conditions.find((one) => one.stage === stage)?.state;
    if (before === 'waiting') {
      enter(status, stage, 'running', isoTime(run.clock), 'begins');
      await run.publish();
      await run.tell('StageBegins', stage);
    }
    const triton = await reconcileScale(run);
    const outcome = await this.look(run, stage, triton);
    await this.settle(run, stage, outcome);
    return { again: outcome.kind === 'running' ? 'later' : 'at once' };
  }

  private look(run: Run, stage: StageName, triton: readonly Pod[] | undefined): Promise<Outcome> {
    const { stages } = run.plan;
    switch (stage) {
      case 'create-models':
        return jobStage(run, stage, stages[stage], { again: wasInterrupted });
      case 'build-engines': {
        const job = stages[stage];
        return job === undefined
          ? Promise.resolve(done('no engines'))
          : jobStage(run, stage, job, { again: wasInterrupted });
      }
      case 'serve':
        return serveStage(run, this.ready, triton);
      case 'measure':
        return this.measure.look(run, triton);
      case 'publish':
        return Promise.resolve(done(`in ConfigMap ${resultsName(run.plan.runId)}`));
    }
  }

  private get measure(): MeasureStage {
    if (this.loaded === undefined) throw new Error('nothing is loaded');
    return this.loaded.measure;
  }

  /** Takes an outcome into the status, publishes it and tells of it. */
  private async settle(run: Run, stage: StageName, outcome: Outcome): Promise<void> {
    const { status, clock } = run;
    const now = isoTime(clock);
    if (outcome.kind === 'failed') fail(status, outcome.failure, now);
    else enter(status, stage, outcome.kind, now, outcome.message);
    if (stage === 'publish' && outcome.kind === 'done') {
      const { expected, measured } = status.measurements;
      status.state = measured === expected ? 'complete' : 'incomplete';
    }
    await this.publish(run, outcome.kind !== 'running');
    if (outcome.kind === 'done') await run.tell('StageDone', `${stage}: ${outcome.message}`);
    if (outcome.kind === 'failed')
      await run.tell('StageFailed', `${outcome.failure.stage}: ${outcome.failure.summary}`, true);
  }

  /** Frees the GPU, then finishes. */
  private async end(run: Run): Promise<Pass> {
    const { status, clock } = run;
    await this.publish(run, false);
    const triton = (await reconcileScale(run)) ?? [];
    const waiting = await windDown(run, triton);
    const outcome =
      status.failure === null
        ? `${status.measurements.measured} of ${status.measurements.expected} measurements`
        : `failed: ${status.failure.summary}`;
    status.message = waiting === undefined ? outcome : `${outcome}; ${waiting}`;
    if (waiting === undefined) status.finishedAt = isoTime(clock);
    await this.publish(run, waiting === undefined);
    if (waiting !== undefined) return { again: 'later' };
    await run.tell(
      'Finished',
      `${status.state}: ${outcome}; see ConfigMap ${resultsName(run.plan.runId)}`,
      status.state !== 'complete',
    );
    return this.leave(status);
  }

  private async leave(status: RunStatus): Promise<Pass> {
    await this.floor.release();
    await this.lease.release();
    return { exit: exitCode(status) };
  }

  /** Another conductor has the run: it may finish it. */
  private async standBy(): Promise<Pass> {
    this.loaded = undefined;
    this.say(`stands by: ${this.lease.holder ?? 'another conductor'} has the run`);
    const published = await this.cluster.configMap(resultsName(this.options.plan.runId));
    const status = published && publishedIn(published, this.options.plan).status;
    return status?.finishedAt ? { exit: exitCode(status) } : { again: 'later' };
  }

  /** Another run has the namespace's nodes: only the message is published. */
  private async queue(run: Run, holder: string): Promise<Pass> {
    run.status.message = `waits for run ${holder}, which measures in this namespace`;
    await this.publish(run, false);
    return { again: 'later' };
  }

  /** Reads how far the run is. */
  private async load(): Promise<{ run: Run; book: EvidenceBook; measure: MeasureStage }> {
    const { plan, clock } = this.options;
    const { cluster } = this;
    const map = await cluster.configMap(resultsName(plan.runId));
    const published = map && publishedIn(map, plan);
    const status = published?.status ?? firstStatus(plan, isoTime(clock));
    const book = new EvidenceBook(plan, cluster, clock);
    book.seed(published?.records ?? []);
    const publisher = new Publisher(plan, cluster, clock, book, map?.metadata.resourceVersion);
    const run: Run = {
      plan,
      cluster,
      clock,
      status,
      publish: (now = true) => publisher.publish(status, now),
      tell: async (reason, message, warning = false) => {
        this.say(`${reason}: ${message}`);
        await cluster.event(plan.conductorJob, { reason, message, warning, at: isoTime(clock) });
      },
    };
    return { run, book, measure: new MeasureStage(book, this.ready) };
  }

  private publish(run: Run, now: boolean): Promise<void> {
    this.say(run.status.message);
    return run.publish(now);
  }

  /** An error of the conductor's own is the run's failure: a loop that crashes at the same place would hold the GPU. */
  async giveUp(error: unknown): Promise<void> {
    const { run } = (this.loaded ??= await this.load());
    if (run.status.state !== 'running') throw error;
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await this.failRun(run, `the conductor itself failed: ${told}`);
  }

  private failRun(run: Run, summary: string): Promise<void> {
    const stage = currentStage(run.status) ?? 'publish';
    return this.settle(run, stage, failedBecause(stage, summary));
  }

  /**
   * Before the process ends because it was told to. If its Job is gone or over, no other conductor will follow: then the run
   * ends here and the GPU is freed. Else all stays as it is for the next one.
   */
  async stop(): Promise<void> {
    const { plan } = this.options;
    const job = await this.cluster.job(plan.conductorJob);
    const over = job?.status?.conditions?.some(
      (one) => one.status === 'True' && (one.type === 'Failed' || one.type === 'FailureTarget'),
    );
    const forGood = job === undefined || job.metadata.deletionTimestamp !== undefined || over === true;
    if (forGood && (await this.lease.hold()) && (await this.floor.hold())) {
      const { run } = (this.loaded ??= await this.load());
      if (run.status.state === 'running')
        await this.failRun(run, `the conductor's Job ${plan.conductorJob} was ended from outside`);
      const triton = await reconcileScale(run);
      await windDown(run, triton ?? []);
      run.status.finishedAt = isoTime(run.clock);
      await run.publish();
    }
    await this.floor.release();
    await this.lease.release();
  }

  /** The state for the process's last words; undefined before anything was loaded. */
  get status(): RunStatus | undefined {
    return this.loaded?.run.status;
  }

  private say(line: string): void {
    if (line === this.said) return;
    this.said = line;
    this.options.log(line);
  }
}
