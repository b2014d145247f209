import type { MeasurementRecord } from '../records/index.js';
import { plannedMeasurements, type PlannedMeasurement, type Spec } from '../spec/index.js';

export type LedgerStatus = 'measured' | 'invalid' | 'failed' | 'missing';

/** What became of one measurement the run owes. */
export interface LedgerEntry {
  readonly planned: PlannedMeasurement;
  readonly status: LedgerStatus;
  /** Why it is not measured; empty when it is. */
  readonly reasons: readonly string[];
  /** Attempts made so far. */
  readonly attempts: number;
  /** The record that counts: the first that measured, else the last attempt's. */
  readonly record: MeasurementRecord | undefined;
}

/** Every expected measurement with its fate, and the records that nobody expected. */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  readonly unexpected: readonly MeasurementRecord[];
}

/** @param why said of a measurement that has no record at all. */
export function ledgerOf(spec: Spec, records: readonly MeasurementRecord[], why = 'not measured yet'): Ledger {
  const byId = new Map<string, MeasurementRecord[]>();
  for (const record of records) byId.set(record.id, [...(byId.get(record.id) ?? []), record]);
  const planned = plannedMeasurements(spec);
  const entries = planned.map((item) => entryOf(item, byId.get(item.id) ?? [], why));
  const expected = new Set(planned.map((item) => item.id));
  return { entries, unexpected: records.filter((record) => !expected.has(record.id)) };
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
  if (record === undefined) return { planned, status: 'missing', reasons: [why], attempts: 0, record };
  return { planned, status: record.status, reasons: record.reasons, attempts: made, record };
}

/** Measurements of each fate. */
export function countByStatus(ledger: Ledger): Record<LedgerStatus, number> {
  const counts = { measured: 0, invalid: 0, failed: 0, missing: 0 };
  for (const entry of ledger.entries) counts[entry.status]++;
  return counts;
}

export function isComplete(ledger: Ledger): boolean {
  return ledger.entries.every((entry) => entry.status === 'measured');
}

/** What is still to be measured: all that is not, as long as it has attempts left. */
export function outstanding(
  ledger: Ledger,
  mostAttempts: number,
): (PlannedMeasurement & { readonly attempt: number })[] {
  return ledger.entries
    .filter((entry) => entry.status !== 'measured' && entry.attempts < mostAttempts)
    .map((entry) => ({ ...entry.planned, attempt: entry.attempts + 1 }));
}
