import { countByStatus, type Ledger, type LedgerEntry } from '../ledger/index.js';

/** ledger.json: every expected measurement and what became of it, the canary's, and the verdict on the environment. */
export interface LedgerDocument {
  readonly schema: 'hps-bench/ledger/1';
  readonly run_id: string;
  readonly expected: number;
  readonly measured: number;
  readonly invalid: number;
  readonly failed: number;
  readonly missing: number;
  /** Repeats that were not made because their cell's verdict was certain without them; not among the expected. */
  readonly not_needed: number;
  /** Attempts that do not count although the measurement was made in a later one. */
  readonly measured_again: number;
  readonly environment: Ledger['environment'];
  readonly entries: readonly LedgerLine[];
  readonly canaries: readonly LedgerLine[];
  readonly spared: readonly { readonly id: string; readonly reason: string }[];
}

export interface LedgerLine {
  readonly id: string;
  readonly status: LedgerEntry['status'];
  readonly reasons: readonly string[];
  readonly cell: { readonly variant: string; readonly batch: number };
  readonly attempts: number;
  /** Why earlier attempts do not count. */
  readonly earlier: LedgerEntry['earlier'];
}

/** @param which entries that are listed. @default all; where room is short, those that are worth a word */
export function ledgerDocument(
  ledger: Ledger,
  runId: string,
  which: (entry: LedgerEntry) => boolean = () => true,
): LedgerDocument {
  const all = [...ledger.entries, ...ledger.canaries];
  return {
    schema: 'hps-bench/ledger/1',
    run_id: runId,
    expected: ledger.entries.length,
    ...countByStatus(ledger),
    not_needed: ledger.notNeeded.length,
    measured_again: all.reduce((sum, { earlier }) => sum + earlier.length, 0),
    environment: ledger.environment,
    entries: ledger.entries.filter(which).map(lineOf),
    canaries: ledger.canaries.filter(which).map(lineOf),
    spared: ledger.notNeeded.map(({ planned, reason }) => ({ id: planned.id, reason })),
  };
}

function lineOf({ planned, status, reasons, attempts, earlier }: LedgerEntry): LedgerLine {
  const { id, variant, batch } = planned;
  return { id, status, reasons, cell: { variant, batch }, attempts, earlier };
}
