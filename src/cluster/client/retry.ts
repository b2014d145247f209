import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from './errors.js';

export interface RetryOptions {
  /** Calls at most. @default 8: with these pauses about a minute */
  readonly attempts?: number;
  /** First pause at most, in ms; each one after it twice as long, up to `longestMs`. @default 250 */
  readonly firstMs?: number;
  /** @default 20000 */
  readonly longestMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each pause. */
  readonly onRetry?: (error: ClusterError, pauseMs: number) => void;
}

/**
 * Calls again what failed in a way that may pass (429, 5xx, no answer, cut off), after a random pause that grows. A server
 * that says how long to wait (Retry-After) is believed.
 * @throws ClusterError of the last attempt, or one that does not pass at once
 */
export async function retrying<T>(call: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 8, signal, onRetry } = options;
  for (let attempt = 1; ; attempt++)
    try {
      return await call();
    } catch (error) {
      const over = attempt >= attempts || signal?.aborted === true;
      if (!(error instanceof ClusterError) || !error.passing || over) throw error;
      const pause = pauseMs(attempt, options, error.retryAfterMs);
      onRetry?.(error, pause);
      // An abort ends the pause; the call itself then says so.
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
}

/** Full jitter (a random share of a bound that doubles), so that fifty readers do not come back at once. */
export function pauseMs(
  attempt: number,
  { firstMs = 250, longestMs = 20_000 }: RetryOptions,
  retryAfterMs = 0,
  random = Math.random(),
): number {
  const bound = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return retryAfterMs + Math.ceil(bound * random);
}
