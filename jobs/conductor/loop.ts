/** Passes until the run is over or the process is told to stop. */
import { ApiError } from './api.js';
import type { Clock } from './clock.js';
import { INTERVAL_MS, type Conductor, type Pass } from './conductor.js';
import { CredentialsError } from './credentials.js';
import { LeaseLostError } from './lease.js';
import { StateError } from './results.js';

/** RBAC may arrive a little after the Job that needs it; a refusal that lasts is a mistake in the Role. */
const FORBIDDEN_SECONDS = 60;

/** The kit's exit codes, see README. */
export const EXIT = { badInput: 2, environment: 4, terminated: 143 } as const;

export interface Stop {
  requested: boolean;
  /** Settles when a stop is requested. */
  readonly promise: Promise<void>;
}

export interface Ended {
  readonly code: number;
  /** Why, where it is not the run's own end. */
  readonly reason?: string;
}

export class Loop {
  private forbiddenSince: number | undefined;
  private gaveUp = false;

  constructor(
    private readonly conductor: Conductor,
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {}

  async run(stop: Stop): Promise<Ended> {
    while (!stop.requested) {
      const pass = await this.pass();
      if ('code' in pass) return pass;
      if ('exit' in pass) return { code: pass.exit };
      if (pass.again === 'later') await Promise.race([this.clock.sleep(INTERVAL_MS), stop.promise]);
    }
    return this.stopped();
  }

  private async pass(): Promise<Pass | Ended> {
    try {
      const pass = await this.conductor.pass();
      this.forbiddenSince = undefined;
      return pass;
    } catch (error) {
      if (error instanceof LeaseLostError) return { again: 'later' };
      return error instanceof ApiError ? this.refused(error) : this.broken(error);
    }
  }

  /** The API server may be away for a while; a refusal for want of a right is bounded. */
  private async refused(error: ApiError): Promise<Pass | Ended> {
    this.log(error.message);
    if (error.status !== 401 && error.status !== 403) return { again: 'later' };
    this.forbiddenSince ??= this.clock.now();
    if (this.clock.now() - this.forbiddenSince <= FORBIDDEN_SECONDS * 1000) return { again: 'later' };
    const reason = `${error.message} (the Role lacks it)`;
    await this.conductor.abandon(reason);
    return { code: EXIT.environment, reason };
  }

  /** Once it is the run's failure; if even that cannot be noted, the process's. */
  private async broken(error: unknown): Promise<Pass> {
    if (this.gaveUp || error instanceof StateError || error instanceof CredentialsError) throw error;
    this.gaveUp = true;
    await this.conductor.giveUp(error);
    return { again: 'later' };
  }

  private async stopped(): Promise<Ended> {
    let ended = false;
    try {
      ended = await this.conductor.stop();
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof LeaseLostError)) throw error;
      this.log(error.message);
    }
    const what = ended ? 'the run ends with it' : 'the next conductor goes on';
    return { code: EXIT.terminated, reason: `was told to stop; ${what}` };
  }
}
