import { entryOf, ledgerOf, type Ledger, type LedgerStatus } from '../ledger/index.js';
import { judge, type Evidence, type MeasurementRecord } from '../records/index.js';
import { plannedMeasurements, type PlannedMeasurement } from '../spec/index.js';
import { evidenceOf, indexEvidence, type EvidenceIndex } from './run-evidence.js';
import type { RunFolder } from './run-folder.js';

/** One expected measurement of one unit that is not measured. */
export interface OpenEntry {
  readonly unit: string;
  readonly id: string;
  readonly status: Exclude<LedgerStatus, 'measured'>;
  readonly reasons: readonly string[];
}

/** The fate of every expected measurement of a run of many units. */
export interface UnitsLedger {
  readonly units: number;
  readonly expected: number;
  readonly counts: Readonly<Record<LedgerStatus, number>>;
  /** All that is not measured, by unit. */
  readonly open: readonly OpenEntry[];
  /** Records of what nobody expected. */
  readonly unexpected: number;
}

const CONTRADICTED = 'two channels or pods have different evidence of this one measurement: neither can be used';

/** The record of a piece of evidence, with the unit it is of. */
export function recordOf(found: { unit: string | null; evidence: Evidence; contradicted: boolean }): MeasurementRecord {
  const record = judge(found.evidence);
  const named = found.unit === null ? record : { ...record, unit: found.unit };
  if (!found.contradicted) return named;
  return {
    ...named,
    status: named.status === 'failed' ? 'failed' : 'invalid',
    reasons: [...named.reasons, CONTRADICTED],
  };
}

/** Judges a run of one unit, or on this machine: its evidence, records and ledger, all in memory. */
export function judgeRun(
  run: RunFolder,
  why?: string,
  index = indexEvidence(run.path),
): { evidence: Evidence[]; records: MeasurementRecord[]; ledger: Ledger; onCluster: boolean } {
  const found = [...evidenceOf(run.path, index)];
  const records = found.map(recordOf);
  const [state] = index.units.values();
  const ledger = ledgerOf(run.spec, records, state?.why ?? why);
  // Evidence in the store came from pods.
  const onCluster = index.units.size > 0 || found.some((one) => one.unit !== null);
  return { evidence: found.map((one) => one.evidence), records, ledger, onCluster };
}

/** What is kept of a record until all of its unit are there. */
type Brief = Pick<MeasurementRecord, 'attempt' | 'status' | 'reasons'>;

/** Nearly all are this one, and are the same object. */
const MEASURED_AT_ONCE: readonly Brief[] = [{ attempt: 1, status: 'measured', reasons: [] }];

function briefOf({ attempt, status, reasons }: MeasurementRecord): readonly Brief[] {
  return attempt === 1 && status === 'measured' && reasons.length === 0
    ? MEASURED_AT_ONCE
    : [{ attempt, status, reasons }];
}

/**
 * The ledger of a run of many units. Memory grows with the number of measurements only.
 * @param onRecord given every record as it is judged
 */
export function judgeUnits(
  run: RunFolder,
  index: EvidenceIndex,
  onRecord: (record: MeasurementRecord) => void = () => undefined,
): UnitsLedger {
  const planned = plannedMeasurements(run.spec);
  const position = new Map(planned.map((item, i) => [item.id, i]));
  const briefs = new Map<string, (readonly Brief[])[]>();
  let unexpected = 0;
  for (const found of evidenceOf(run.path, index)) {
    const record = recordOf(found);
    onRecord(record);
    const at = position.get(record.id);
    if (at === undefined) {
      unexpected += 1;
      continue;
    }
    const unit = found.unit ?? '';
    const rows = briefs.get(unit) ?? [];
    if (rows.length === 0) briefs.set(unit, rows);
    const brief = briefOf(record);
    const before = rows[at];
    rows[at] = before === undefined ? brief : [...before, ...brief];
  }
  return sum(index, planned, briefs, unexpected);
}

function sum(
  index: EvidenceIndex,
  planned: readonly PlannedMeasurement[],
  briefs: ReadonlyMap<string, readonly (readonly Brief[])[]>,
  unexpected: number,
): UnitsLedger {
  const counts = { measured: 0, invalid: 0, failed: 0, missing: 0 };
  const open: OpenEntry[] = [];
  for (const [unit, state] of index.units)
    for (const [at, item] of planned.entries()) {
      const { status, reasons } = entryOf(item, briefs.get(unit)?.[at] ?? [], state.why);
      counts[status] += 1;
      if (status !== 'measured') open.push({ unit, id: item.id, status, reasons });
    }
  return { units: index.units.size, expected: index.units.size * planned.length, counts, open, unexpected };
}
