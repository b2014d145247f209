import type { RunStatus, StageCondition } from '../../../jobs/conductor/status.js';

/** Seconds that each stage is forecast to take, by its name. */
export type Forecasts = Readonly<Record<string, number>>;

/** Measurements that say more about the pace than the forecast does. */
const ENOUGH = 2;

/**
 * Seconds until the run is over: the forecast of what is to come, and for measuring, once there are a few, their own pace.
 * Null where the run is over or nothing can be said. Pure.
 */
export function secondsLeft(status: RunStatus, forecasts: Forecasts, now: Date): number | null {
  if (status.finishedAt !== null) return null;
  if (status.state !== 'running') return 0;
  const left = status.conditions.map((one) => stageLeft(one, status, forecasts, now));
  return left.reduce((sum, seconds) => sum + seconds, 0);
}

function stageLeft(one: StageCondition, status: RunStatus, forecasts: Forecasts, now: Date): number {
  const expected = forecasts[one.stage] ?? 0;
  if (one.state === 'done' || one.state === 'failed') return 0;
  if (one.state === 'waiting') return expected;
  const gone = secondsBetween(one.since, now);
  const { measured, expected: total } = status.measurements;
  if (one.stage !== 'measure' || total === 0) return Math.max(0, expected - gone);
  const open = Math.max(0, total - measured);
  return measured < ENOUGH ? Math.max(0, expected - gone) : (gone / measured) * open;
}

/** Seconds since an instant; 0 where it is unknown or lies ahead, as clocks differ. */
export function secondsBetween(since: string | null, now: Date): number {
  if (since === null) return 0;
  return Math.max(0, (now.getTime() - Date.parse(since)) / 1000);
}
