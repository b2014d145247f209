import type { MeasurementRecord } from '../records/index.js';
import { ResultsError } from '../records/index.js';
import { ledgerOf, type Ledger } from '../ledger/index.js';
import type { Spec } from '../spec/index.js';

/** One side of a comparison: the records of one run, wherever they were, or of several. */
export interface ResultSet {
  /** Where it was read from, as given. */
  readonly source: string;
  readonly runId: string;
  readonly specHash: string;
  /** Undefined where only records were given: then only the hash tells whether two specs are alike. */
  readonly spec: Spec | undefined;
  /** The records that count, at most one for each measurement: the first that measured. */
  readonly records: readonly MeasurementRecord[];
  /** Every measurement that has no valid record, and why. */
  readonly lacking: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  /** Why no figure of the run may be compared, in a sentence; undefined where its canary raises no doubt, or is unknown, and of several runs, where each has its own. */
  readonly drifted: string | undefined;
  /** Measurements that the run owes; undefined where neither spec nor ledger says. */
  readonly expected: number | undefined;
  /** The runs of a side of several, each of which then counts once: see severalRuns. Undefined where the side is one run. */
  readonly runs?: readonly ResultSet[];
}

/** What a ConfigMap's ledger says where the spec is not at hand. */
export interface KnownLedger {
  readonly expected: number;
  readonly lacking: ResultSet['lacking'];
  readonly environment: Pick<Ledger['environment'], 'state' | 'reason'> | undefined;
}

/**
 * A side from all records of one run, attempts included.
 * @throws ResultsError if there are none, or if they are of several runs
 */
export function resultSet(
  source: string,
  all: readonly MeasurementRecord[],
  known: { readonly spec?: Spec | undefined; readonly ledger?: KnownLedger | undefined } = {},
): ResultSet {
  const first = all[0];
  if (first === undefined)
    throw new ResultsError(`${source}: holds no records (nothing was measured yet; give a run that has results)`);
  requireOneRun(source, all);
  const identity = { source, runId: first.run_id, specHash: first.spec_hash, spec: known.spec };
  if (known.spec === undefined) {
    // A canary watches over the machine and is no cell.
    const { measured, lacking } = withoutSpec(all.filter((record) => record.role !== 'canary'));
    const { ledger } = known;
    if (ledger === undefined)
      return { ...identity, records: measured, lacking, drifted: undefined, expected: undefined };
    const bad = new Set(ledger.lacking.map(({ id }) => id));
    const records = measured.filter(({ id }) => !bad.has(id));
    const { lacking: owed, expected, environment } = ledger;
    return { ...identity, records, lacking: owed, drifted: driftOf(environment), expected };
  }
  const { entries, environment } = ledgerOf(known.spec, all);
  return {
    ...identity,
    records: entries.flatMap(({ status, record }) => (status === 'measured' && record !== undefined ? [record] : [])),
    lacking: entries.flatMap(({ planned, status, reasons }) =>
      status === 'measured' ? [] : [{ id: planned.id, reasons }],
    ),
    drifted: driftOf(environment),
    expected: entries.length,
  };
}

function driftOf(environment: KnownLedger['environment']): string | undefined {
  return environment?.state === 'invalid' ? environment.reason : undefined;
}

/** Records of several runs or GPUs have the same ids, and would be taken for repeats of one. */
function requireOneRun(source: string, all: readonly MeasurementRecord[]): void {
  const runs = [...new Set(all.map((record) => `${record.run_id} of spec ${record.spec_hash}`))];
  if (runs.length > 1)
    throw new ResultsError(
      `${source}: holds records of ${runs.length} runs (${runs.slice(0, 3).join('; ')}); compare takes one run a side, so give each its own file`,
    );
  const units = [...new Set(all.map((record) => record.unit ?? ''))];
  if (units.length > 1)
    throw new ResultsError(
      `${source}: holds records of ${units.length} units (${units.slice(0, 3).join('; ')} …); compare takes the records of one, so write them to a file: grep '"unit":"${units[0] ?? ''}"' records.ndjson`,
    );
}

/** Without a spec only what has a record is known, and the first good attempt counts, as in the ledger. */
function withoutSpec(all: readonly MeasurementRecord[]): {
  measured: MeasurementRecord[];
  lacking: ResultSet['lacking'];
} {
  const byId = new Map<string, MeasurementRecord[]>();
  for (const record of [...all].sort((a, b) => a.attempt - b.attempt))
    byId.set(record.id, [...(byId.get(record.id) ?? []), record]);
  const measured: MeasurementRecord[] = [];
  const lacking: { id: string; reasons: string[] }[] = [];
  for (const [id, attempts] of byId) {
    const good = attempts.find((attempt) => attempt.status === 'measured');
    if (good !== undefined) measured.push(good);
    else lacking.push({ id, reasons: attempts.at(-1)?.reasons ?? [] });
  }
  return { measured, lacking };
}
