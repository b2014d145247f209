import { canaryOf, type Spec } from '../spec/index.js';
import { mean, median } from '../statistics/index.js';
import type { LedgerEntry } from './ledger.js';

/** Whether the run as a whole stands on firm ground. */
export interface EnvironmentVerdict {
  /** `invalid`: the canary drifted, so that no figure of the run is to be compared. `not judged`: see the reason. */
  readonly state: 'valid' | 'invalid' | 'not judged';
  /** A sentence on why, with the figures. */
  readonly reason: string;
  /** The canary at the end over the canary at the beginning, with the interval that noise explains; null where not judged. */
  readonly drift: {
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly limit: number;
  } | null;
}

/** Two-sided 99 % of a normal distribution: a run is not thrown away for noise. */
const Z = 2.576;
/** Median of |difference of two normal values| over their standard deviation: sqrt(2) times the upper quartile 0.6745. */
const MEDIAN_OF_DIFFERENCES = 0.9539;
/** Fewer differences than this make no estimate of the noise. */
const FEWEST_DIFFERENCES = 5;

/**
 * Did the canary drift by more than the limit, beyond what noise explains? Means of logarithms, last over first; the noise of
 * one measurement is that between consecutive repeats of the same cell, over all cells, as a median: a drift or a step moves
 * each of those differences little or few of them much, so that it does not hide itself. The run is invalid only if the whole
 * 99 % interval of the ratio lies beyond the limit.
 */
export function environmentVerdict(
  spec: Spec,
  entries: readonly LedgerEntry[],
  canaries: readonly LedgerEntry[],
): EnvironmentVerdict {
  const canary = canaryOf(spec);
  if (canary === undefined)
    return notJudged('the run has no canary (design.canary.measurements is 0, or repeats is 1)');
  const logs = canaries.map(logOf);
  const [first, last] = [logs.slice(0, canary.measurements), logs.slice(canary.measurements)];
  const measured = (values: (number | undefined)[]): number[] => values.filter((value) => value !== undefined);
  const [before, after] = [measured(first), measured(last)];
  if (before.length === 0 || after.length === 0)
    return notJudged(`the canary is not measured ${before.length === 0 ? 'before' : 'after'} the cells`);
  const noise = noiseOf(entries);
  if (noise === undefined)
    return notJudged('too few repeats are measured to tell a drift of the canary from noise (raise repeats)');
  const shift = mean(after) - mean(before);
  const half = Z * noise * Math.sqrt(1 / before.length + 1 / after.length);
  const limit = spec.validity.canaryDrift;
  const drift = { ratio: Math.exp(shift), low: Math.exp(shift - half), high: Math.exp(shift + half), limit };
  const beyond = drift.low > 1 + limit || drift.high < 1 / (1 + limit);
  const said = `the canary (${canary.variant}, batch ${canary.batch}) took ${drift.ratio.toFixed(3)} times as long at the end as at the beginning (99 % interval ${drift.low.toFixed(3)} to ${drift.high.toFixed(3)})`;
  return beyond
    ? {
        state: 'invalid',
        reason: `${said}, allowed is ${(100 * limit).toFixed(1)} %: something on the node changed in mid-run (see clocks, heat and other loads; then measure again)`,
        drift,
      }
    : {
        state: 'valid',
        reason: `${said}: no drift beyond ${(100 * limit).toFixed(1)} % is shown; the noise of this run hides one below ${(100 * (limit + half)).toFixed(1)} %`,
        drift,
      };
}

function notJudged(reason: string): EnvironmentVerdict {
  return { state: 'not judged', reason, drift: null };
}

function logOf({ status, record }: LedgerEntry): number | undefined {
  const us = record?.server?.compute_infer_us;
  return status !== 'measured' || us == null || us <= 0 ? undefined : Math.log(us);
}

/** Standard deviation of the logarithm of one measurement, from consecutive repeats; undefined with too few of them. */
export function noiseOf(entries: readonly LedgerEntry[]): number | undefined {
  const cells = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const { variant, batch, concurrency } = entry.planned;
    const key = `${variant}/${batch}/${concurrency}`;
    cells.set(key, [...(cells.get(key) ?? []), entry]);
  }
  const differences = [...cells.values()].flatMap((cell) => {
    const logs = [...cell].sort((a, b) => a.planned.repeat - b.planned.repeat).flatMap((entry) => logOf(entry) ?? []);
    return logs.slice(1).map((value, index) => Math.abs(value - (logs[index] ?? value)));
  });
  return differences.length < FEWEST_DIFFERENCES ? undefined : median(differences) / MEDIAN_OF_DIFFERENCES;
}
