/**
 * What the reader gives: one `Reading` per text.
 *
 * Key names are those of the JSON that `hps-bench parse` prints, so a Reading can be
 * compared with it field by field. Every number was printed by perf_analyzer; a number
 * that is missing in the text is a missing key, never a zero.
 */

/** The three forms that are understood, and everything else. */
export type Kind = 'stdout' | 'csv' | 'profile-export' | 'foreign';

/** The lines between `*** Measurement Settings ***` and the first level. */
export interface Settings {
  batch_size?: number;
  /** As printed: `Triton` up to 24.04, `TRITON` from 24.05. */
  service_kind?: string;
  mode?: string;
  /** Milliseconds. */
  window_ms?: number;
  min_samples?: number;
  /** As printed after "Stabilizing using". */
  stabilizing?: string;
  calls?: 'synchronous' | 'asynchronous';
  request_count_setting?: number;
  warmup_requests?: number;
}

/** The server's view of one model; times in microseconds, averages per request. */
export interface ServerFields {
  inference_count?: number;
  execution_count?: number;
  cache_hit_count?: number;
  cache_miss_count?: number;
  successful_request_count?: number;
  /** Releases to 20.06, and "no successes in the window" in later ones. */
  server_request_count?: number;
  avg_request_latency_us?: number;
  overhead_us?: number;
  queue_us?: number;
  compute_us?: number;
  cache_hit_miss_us?: number;
  avg_cache_hit_latency_us?: number;
  avg_cache_miss_latency_us?: number;
  cache_lookup_insertion_us?: number;
  compute_input_us?: number;
  compute_infer_us?: number;
  compute_output_us?: number;
}

/** One member of an ensemble, or a BLS callee. `version` is empty where the release printed none. */
export interface ComposingModel extends ServerFields {
  name: string;
  version: string;
}

/** One window of `-v`; `latency_us` is the stabilising statistic. */
export interface Pass {
  throughput?: number;
  latency_us?: number;
  std_us?: number;
}

/** Per-GPU values by UUID. `avg_utilization` (a fraction) is the CSV's, `avg_utilization_pct` that of stdout. */
export interface Gpu {
  avg_utilization_pct?: Record<string, number>;
  avg_utilization?: Record<string, number>;
  avg_power_w?: Record<string, number>;
  max_memory_bytes?: Record<string, number>;
  total_memory_bytes?: Record<string, number>;
}

/** Why a measurement must not be taken at face value. Only flags that are true are present. */
export interface MeasurementFlags {
  unstable?: true;
  over_latency_limit?: true;
  cannot_keep_up?: true;
  /** A level's header without numbers. */
  no_result?: true;
  /** More than 1.5 times as many server successes as client requests. */
  server_counts_exceed_client?: true;
  /** The text ends inside the block. */
  truncated?: true;
  /** A block without its level header. */
  fragment?: true;
  /** Somebody shortened the block by hand ("..."). */
  elided?: true;
}

/** One level of load. Times are microseconds; rates are per second. */
export interface Measurement extends ServerFields {
  concurrency: number | null;
  request_rate: number | null;
  stream?: string;
  passes?: Pass[];
  request_count?: number;
  delayed_request_count?: number;
  sequence_count?: number;
  sequences_per_s?: number;
  send_rate?: number;
  throughput?: number;
  response_throughput?: number;
  client_overhead_pct?: number;
  avg_us?: number;
  std_us?: number;
  p50_us?: number;
  p90_us?: number;
  p95_us?: number;
  p99_us?: number;
  /** Any other percentile (`--percentile 75`). */
  [percentile: `p${number}_us`]: number | undefined;
  protocol?: 'HTTP' | 'gRPC';
  client_time_us?: number;
  send_recv_us?: number;
  send_us?: number;
  receive_us?: number;
  marshal_unmarshal_us?: number;
  marshal_us?: number;
  unmarshal_us?: number;
  response_wait_us?: number;
  /** CSV only. */
  client_send_us?: number;
  client_recv_us?: number;
  network_us?: number;
  request_response_us?: number;
  cache_hit_us?: number;
  cache_miss_us?: number;
  composing_models?: ComposingModel[];
  gpu?: Gpu;
  flags?: MeasurementFlags;
}

/** One row of the closing table. */
export interface SummaryRow {
  concurrency?: number;
  request_rate?: number;
  throughput?: number;
  latency_us?: number;
  /** 22.06 to 23.04: another level's numbers, for a level that has no block. */
  stale?: true;
  stream?: string;
}

/** What happened to the run as a whole. Only flags that are true are present. */
export interface ReadingFlags {
  unstable?: true;
  over_latency_limit?: true;
  server_unreachable?: true;
  model_unknown?: true;
  no_report?: true;
  killed?: true;
  interrupted?: true;
  usage_error?: true;
  garbled_error?: true;
  empty?: true;
}

/** One experiment of a profile export; nanoseconds are exact, hence bigint. */
export interface ProfileExperiment {
  mode?: string;
  value?: number;
  requests: number;
  first_request_ns?: bigint;
  latency_ns_min?: bigint;
  latency_ns_max?: bigint;
  latency_ns_sum?: bigint;
  /** How many boundaries the file names. */
  window_boundaries: number;
}

/** The `--profile-export-file` document, without its requests. */
export interface ProfileExport {
  version?: string;
  service_kind?: string;
  endpoint?: string;
  experiments: ProfileExperiment[];
}

/** Wordings that only some releases have and that the values do not show; see `releaseRange`. */
export type Wording =
  | 'rate per second'
  | 'rate per seconds'
  | 'pass with dot'
  | 'pass without dot'
  | 'summary without throughput'
  | 'total of requests'
  | 'benchmark requests'
  | 'th percentile'
  | 'comma after the last column';

/** Everything that one text says. */
export interface Reading {
  kind: Kind;
  settings?: Settings;
  profile_export?: ProfileExport;
  /** What `latency_us` of the summary rows is: `avg`, `p95` … */
  summary_statistic?: string;
  measurements: Measurement[];
  summary: SummaryRow[];
  flags: ReadingFlags;
  errors: string[];
  warnings: string[];
  csv_columns?: string[];
  /** Not part of the JSON: the release marks that were seen, for `releaseRange`. */
  wording: Wording[];
}
