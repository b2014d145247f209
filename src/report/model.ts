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
  readonly p90Us?: number;
  readonly p99Us?: number;
  /** Requests that the client's figures are from. */
  readonly requests?: number;
  /** Latency of the first request of this batch, before any warm-up. */
  readonly coldUs?: number;
  /** True where that was the first request to the model at all, so that the model's own start is in it. */
  readonly coldInitialises?: boolean;
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

/** One thing that a measurement is checked for, over all that were made. Figures and limit are of the same unit. */
export interface ReportCheck {
  /** Such as `GPU slowed down for heat or power`. */
  readonly name: string;
  readonly unit: 'share' | 'number';
  /** The largest figure; null where no measurement has one. */
  readonly worst: number | null;
  readonly limit: number;
  /** Measurements above the limit. */
  readonly over: number;
  /** Measurements for which nobody could look. */
  readonly unknown: number;
}

/** Measurements that do not count, by what was wrong. */
export interface ReportReason {
  readonly status: 'invalid' | 'failed';
  readonly reason: string;
  readonly count: number;
  /** Where it happened, each cell once, such as `native_tf at 32`. */
  readonly cells: readonly string[];
}

/** What the canary, a cell measured first and last, says of the run as a whole. */
export interface ReportCanary {
  readonly state: 'valid' | 'invalid' | 'not judged';
  /** A sentence with its figures, or why there are none. */
  readonly reason: string;
  /** Last / first with its interval, and the share by which it may differ from 1; null where not judged. */
  readonly drift: {
    readonly ratio: number;
    readonly low: number;
    readonly high: number;
    readonly limit: number;
  } | null;
}

/** Everything that was made, with the attempts that do not count. */
export interface ReportValidity {
  /** perf_analyzer processes for cells, and how many of them do not count. */
  readonly attempts: number;
  readonly invalid: number;
  readonly failed: number;
  readonly reasons: readonly ReportReason[];
  readonly checks: readonly ReportCheck[];
  readonly canary: ReportCanary;
}

/** Published figures of one deployment on another machine, at batches of this run. */
export interface ReportAnchor {
  readonly source: string;
  readonly deployment: string;
  readonly about: string;
  readonly figures: readonly { readonly batch: number; readonly us: number }[];
}

/** The run against the published page. */
export interface ReportVerdict {
  /** `no reference` where the page was measured on other hardware, or has none of the cells. */
  readonly overall:
    'reproduced' | 'regressed' | 'improved' | 'inconclusive' | 'incomplete' | 'environment invalid' | 'no reference';
  /** Why, in a sentence. */
  readonly sentence: string;
  /** Empty without a reference. */
  readonly cells: readonly ReportCellVerdict[];
}

/** A cell against its published figure. The ratio is measured / published. */
export interface ReportCellVerdict {
  readonly variant: string;
  readonly batch: number;
  readonly publishedUs: number;
  readonly ratio: number;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
  readonly verdict: 'reproduced' | 'regressed' | 'improved' | 'inconclusive';
  /** Repeats with which it could be decided; null where it is. */
  readonly needed: number | null;
}

/** A line of the environment. `varies`: it changed inside the run, so that not all figures are from the same machine. */
export interface EnvironmentLine {
  readonly name: string;
  readonly value: string;
  readonly varies?: boolean;
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
  readonly validity?: ReportValidity;
  readonly verdict?: ReportVerdict;
  readonly anchors?: readonly ReportAnchor[];
  readonly environment: readonly EnvironmentLine[];
  readonly notes: readonly string[];
  /** True when the numbers were published by NVIDIA and not measured by this kit. */
  readonly published?: boolean;
}
