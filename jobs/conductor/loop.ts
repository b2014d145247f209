/** Passes until the run is over or the process is told to stop. */
import { ApiError } from './api.js';
import type { Clock } from './clock.js';
import { CredentialsError } from './credentials.js';
import { StateError } from './results.js';
import { LeaseLostError, INTERVAL_MS, type Conductor } from './conductor.js';

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

export async function untilOver(
  conductor: Conductor,
  clock: Clock,
  stop: Stop,
  log: (line: string) => void,
): Promise<Ended> {
  let forbiddenSince: number | undefined;
  let gaveUp = false;
  while (!stop.requested) {
    let soon = false;
    try {
      const pass = await conductor.pass();
      forbiddenSince = undefined;
      if ('exit' in pass) return { code: pass.exit };
      soon = pass.again === 'at once';
    } catch (error) {
      if (error instanceof ApiError) {
        log(error.message);
        if (error.status === 403 || error.status === 401) {
          forbiddenSince ??= clock.now();
          if (clock.now() - forbiddenSince > FORBIDDEN_SECONDS * 1000)
            return { code: EXIT.environment, reason: `${error.message} (the Role lacks it; see permissions.ts)` };
        }
      } else if (!(error instanceof LeaseLostError)) {
        if (gaveUp || error instanceof StateError || error instanceof CredentialsError) throw error;
        gaveUp = true;
        await conductor.giveUp(error);
      }
    }
    if (!soon) await Promise.race([clock.sleep(INTERVAL_MS), stop.promise]);
  }
  try {
    await conductor.stop();
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof LeaseLostError)) throw error;
    log((error as Error).message);
  }
  return { code: EXIT.terminated, reason: 'was told to stop; the next conductor goes on' };
}
