import type { MeasurementRecord } from '../records/index.js';
import { plannedCanaries, plannedMeasurements, type PlannedMeasurement, type Spec } from '../spec/index.js';
import { environmentVerdict, type EnvironmentVerdict } from './environment.js';
import { againstRunClock } from './run-clock.js';
import { sparedRepeats } from './spared.js';

export type LedgerStatus = 'measured' | 'invalid' | 'failed' | 'missing';

/** What became of one measurement the run owes. */
export interface LedgerEntry {
  readonly planned: PlannedMeasurement;
  readonly status: LedgerStatus;
  /** Why it is not measured; empty when it is. */
  readonly reasons: readonly string[];
  /** Attempts made so far. */
  readonly attempts: number;
  /** Why earlier attempts do not count, in their order; empty where the first one did. */
  readonly earlier: readonly {
    readonly attempt: number;
    readonly status: string;
    readonly reasons: readonly string[];
  }[];
  /** The record that counts: the first that measured, else the last attempt's. */
  readonly record: MeasurementRecord | undefined;
}

/** Every expected measurement with its fate, and the records that nobody expected. */
export interface Ledger {
  /** Of the cells, in the order in which they are measured. */
  readonly entries: readonly LedgerEntry[];
  /** Of the canary, first and last; counted in no total. Empty where the spec has none. */
  readonly canaries: readonly LedgerEntry[];
  /** Repeats that were not made because the cell's verdict was certain without them; in no total, and not missing. */
  readonly notNeeded: readonly { readonly planned: PlannedMeasurement; readonly reason: string }[];
  /** What the canary says of the run as a whole. */
  readonly environment: EnvironmentVerdict;
  readonly unexpected: readonly MeasurementRecord[];
}

/** @param why said of a measurement that has no record at all. */
export function ledgerOf(spec: Spec, records: readonly MeasurementRecord[], why = 'not measured yet'): Ledger {
  const byId = new Map<string, MeasurementRecord[]>();
  for (const record of againstRunClock(records)) byId.set(record.id, [...(byId.get(record.id) ?? []), record]);
  const entriesOf = (planned: readonly PlannedMeasurement[]): LedgerEntry[] =>
    planned.map((item) => entryOf(item, byId.get(item.id) ?? [], why));
  const { first, last } = plannedCanaries(spec);
  const all = entriesOf(plannedMeasurements(spec));
  const spared = sparedRepeats(all);
  const entries = all.filter(({ planned }) => !spared.has(planned.id));
  const notNeeded = all.flatMap(({ planned }) => {
    const reason = spared.get(planned.id);
    return reason === undefined ? [] : [{ planned, reason }];
  });
  const canaries = entriesOf([...first, ...last]);
  const expected = new Set([...all, ...canaries].map(({ planned }) => planned.id));
  return {
    entries,
    canaries,
    notNeeded,
    environment: environmentVerdict(spec, entries, canaries),
    unexpected: records.filter((record) => !expected.has(record.id)),
  };
}

/** What became of one measurement. @param records its attempts, in any order @param why said where there is none */
export function entryOf<R extends Pick<MeasurementRecord, 'attempt' | 'status' | 'reasons'>>(
  planned: PlannedMeasurement,
  records: readonly R[],
  why: string,
): Omit<LedgerEntry, 'record'> & { readonly record: R | undefined } {
  const attempts = [...records].sort((a, b) => a.attempt - b.attempt);
  // The first good attempt counts, not the best: choosing among several would bias the figure.
  const record = attempts.find((attempt) => attempt.status === 'measured') ?? attempts.at(-1);
  const made = attempts.at(-1)?.attempt ?? 0;
  if (record === undefined) return { planned, status: 'missing', reasons: [why], attempts: 0, earlier: [], record };
  const earlier = attempts
    .filter(({ attempt }) => attempt < record.attempt)
    .map(({ attempt, status, reasons }) => ({ attempt, status, reasons }));
  return { planned, status: record.status, reasons: record.reasons, attempts: made, earlier, record };
}

/** Measurements of each fate; the canary's are not among them. */
export function countByStatus(ledger: Ledger): Record<LedgerStatus, number> {
  const counts = { measured: 0, invalid: 0, failed: 0, missing: 0 };
  for (const entry of ledger.entries) counts[entry.status]++;
  return counts;
}

export function isComplete(ledger: Ledger): boolean {
  return ledger.entries.every((entry) => entry.status === 'measured');
}

/**
 * What is still to be measured, in the order in which it shall be: all that is not, as long as it has attempts left. The
 * canary's last measurements are owed only once nothing else is, so that they are the last.
 */
export function outstanding(
  ledger: Ledger,
  mostAttempts: number,
): (PlannedMeasurement & { readonly attempt: number })[] {
  const owed = (entries: readonly LedgerEntry[]): (PlannedMeasurement & { readonly attempt: number })[] =>
    entries
      .filter((entry) => entry.status !== 'measured' && entry.attempts < mostAttempts)
      .map((entry) => ({ ...entry.planned, attempt: entry.attempts + 1 }));
  const half = ledger.canaries.length / 2;
  const before = owed([...ledger.canaries.slice(0, half), ...ledger.entries]);
  return before.length > 0 ? before : owed(ledger.canaries.slice(half));
}
