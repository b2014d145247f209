/**
 * The report model: everything a report says, as plain data. Whoever has records and a ledger fills it in; every
 * output in this folder is a pure function of it, so a report can always be made again from the same records.
 */

/** One column of the table: a deployment under test. */
export interface ReportVariant {
  /** Stable id, such as `native_tf`. */
  readonly id: string;
  /** Column heading, such as `Native TF`. */
  readonly label: string;
  /** What a reader must know about this column, in a sentence. */
  readonly note?: string;
  /** True only for a deployment whose embedding lookup is served by HPS. */
  readonly hps: boolean;
}

/** One measured repeat of a cell. All times are in microseconds. */
export interface RepeatValue {
  /** Number of the repeat, as in the ledger. */
  readonly repeat: number;
  /** perf_analyzer's `compute infer`: the forward latency at the server, for the whole batch. */
  readonly computeInferUs: number;
  /** Samples (not requests) per second. */
  readonly samplesPerSecond?: number;
  /** Mean request latency seen by the client. */
  readonly clientAvgUs?: number;
  readonly p50Us?: number;
  readonly p99Us?: number;
  /** Latency of the first request of this batch, before any warm-up. */
  readonly coldUs?: number;
}

/** A (variant, batch) cell with one entry for each measured repeat; no entries, or no cell at all, means missing. */
export interface ReportCell {
  readonly variant: string;
  readonly batch: number;
  readonly values: readonly RepeatValue[];
}

export type LedgerStatus = 'measured' | 'invalid' | 'failed' | 'missing';

/** One expected measurement and what became of it. */
export interface LedgerEntry {
  readonly id: string;
  readonly status: LedgerStatus;
  readonly reasons: readonly string[];
  /** The cell it belongs to. @default read from the id, which names the variant and then the batch */
  readonly cell?: { variant: string; batch: number };
}

export interface ReportLedger {
  readonly expected: number;
  readonly measured: number;
  readonly invalid: number;
  readonly failed: number;
  readonly missing: number;
  readonly entries: readonly LedgerEntry[];
}

/** One deployment against the reference: the largest absolute difference of a score, and the range of its own scores. */
export interface ParityRow {
  readonly variant: string;
  readonly maxAbsDifference: number;
  readonly scoreMin: number;
  readonly scoreMax: number;
}

/** How far the deployments' answers to the same requests differ from the reference deployment's. */
export interface ReportParity {
  /** Variant id of the reference. */
  readonly reference: string;
  /** Requests compared. */
  readonly requests: number;
  readonly rows: readonly ParityRow[];
  /** Largest difference that is accepted. */
  readonly limit: number;
}

export interface ReportModel {
  readonly title: string;
  readonly runId: string;
  readonly specHash: string;
  /** ISO 8601 instant, given by the caller so that the same model always makes the same bytes. */
  readonly generatedAt: string;
  /** In column order. */
  readonly variants: readonly ReportVariant[];
  /** In row order. */
  readonly batches: readonly number[];
  /** Requests in flight while measuring. */
  readonly concurrency: number;
  /** Variant id above the line of the speed-up. */
  readonly baseline: string;
  /** Variant id below the line of the speed-up. */
  readonly contender: string;
  readonly metric: 'compute infer';
  readonly cells: readonly ReportCell[];
  readonly ledger: ReportLedger;
  readonly parity?: ReportParity;
  readonly environment: readonly { name: string; value: string }[];
  readonly notes: readonly string[];
  /** True when the numbers were published by NVIDIA and not measured by this kit. */
  readonly published?: boolean;
}
