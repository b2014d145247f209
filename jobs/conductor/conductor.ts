/**
 * The reconcile loop. Nothing is remembered that the cluster does not hold: each pass looks, does the next thing, and says so.
 * So it may be killed anywhere and started again, and two of them do no harm.
 */
import { ApiError, type Api } from './api.js';
import { isoTime, secondsSince, type Clock } from './clock.js';
import { Cluster } from './cluster.js';
import { FLOOR_SECONDS, Lease, LeaseLostError } from './lease.js';
import { conductorLease, FLOOR_LEASE, resultsName, type AnyPlan } from './plan.js';
import { publishedIn } from './results.js';
import { openSession, type Session } from './session.js';
import { advance, failRun } from './stages.js';
import { exitCode, type RunStatus } from './status.js';
import { isReady, type IsReady } from './triton.js';
import { endAnyhow, wrapUp } from './wind-down.js';

/** Between two looks at the cluster. */
export const INTERVAL_MS = 2000;

export interface ConductorOptions {
  readonly plan: AnyPlan;
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
  private loaded: Session | undefined;
  private said = '';

  constructor(private readonly options: ConductorOptions) {
    const { plan, api, clock, identity } = options;
    this.lease = new Lease(api, plan.namespace, conductorLease(plan.runId), identity, clock);
    // Held by the run, not by the process: the next conductor of the same run has it at once.
    this.floor = new Lease(api, plan.namespace, FLOOR_LEASE, plan.runId, clock, FLOOR_SECONDS);
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
    const session = (this.loaded ??= await this.load());
    const { status, plan, clock } = session.run;
    if (status.finishedAt !== null) return this.leave(status);
    if (!(await this.floor.hold())) return this.queue(session, this.floor.holder ?? 'another run');
    const { runSeconds } = plan.limits;
    if (status.state === 'running' && secondsSince(clock, status.startedAt) > runSeconds)
      await failRun(session, `the run is not over after ${runSeconds} s (limits.runSeconds); last: ${status.message}`);
    if (status.state === 'running') return { again: (await advance(session)) ? 'at once' : 'later' };
    return (await wrapUp(session)) ? this.leave(status) : { again: 'later' };
  }

  private load(): Promise<Session> {
    const { plan, clock, ready = isReady } = this.options;
    const say = (line: string): void => {
      this.say(line);
    };
    return openSession({ plan, clock, ready, cluster: this.cluster, say });
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
  private async queue({ run }: Session, holder: string): Promise<Pass> {
    run.status.message = `waits for run ${holder}, which measures in this namespace`;
    await run.publish(false);
    return { again: 'later' };
  }

  /** An error of the conductor's own is the run's failure: a loop that crashes at the same place would hold the GPU. */
  async giveUp(error: unknown): Promise<void> {
    const session = (this.loaded ??= await this.load());
    if (session.run.status.state !== 'running') throw error;
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await failRun(session, `the conductor itself failed: ${told}`);
  }

  /**
   * Before the process ends because it was told to. If its Job is gone or over, no other conductor will follow: then the run
   * ends here and the GPU is freed. Else all stays as it is for the next one.
   *
   * @returns whether the run was ended
   */
  async stop(): Promise<boolean> {
    const { plan } = this.options;
    const job = await this.cluster.job(plan.conductorJob);
    const over = job?.status?.conditions?.some(
      (one) => one.status === 'True' && (one.type === 'Failed' || one.type === 'FailureTarget'),
    );
    const forGood = job === undefined || job.metadata.deletionTimestamp !== undefined || over === true;
    const ends = forGood && (await this.lease.hold()) && (await this.floor.hold());
    if (ends) {
      const { run } = (this.loaded ??= await this.load());
      await this.abandon(`the conductor's Job ${plan.conductorJob} was ended from outside`);
      run.status.finishedAt = isoTime(run.clock);
      await run.publish();
    }
    await this.floor.release();
    await this.lease.release();
    return ends;
  }

  /** Ends the run as far as that is possible: the GPU first of all. */
  async abandon(why: string): Promise<void> {
    if (this.loaded?.run.status.state === 'running') await endAnyhow(this.loaded, why);
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
