/** Time, so that a test can make it pass. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** ISO 8601 in whole seconds, as Kubernetes writes it. */
export const isoTime = (clock: Clock): string => new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');

/** Seconds since an ISO 8601 instant. */
export const secondsSince = (clock: Clock, instant: string): number => (clock.now() - Date.parse(instant)) / 1000;
