import { z } from 'zod';
import { RECORD_SCHEMA } from './versions.js';

const us = z.number().min(0);

const text = z.string().nullable();
const number = z.number().nullable();

/** Where and on what it was measured: what must be equal before two measurements may be compared. */
export const recordEnvironmentSchema = z.object({
  gpu_product: text,
  gpu_uuid: text,
  gpu_driver: text,
  /** Kubernetes node and pod of Triton, and the image its container was started from. */
  node: text,
  pod: text,
  image: text,
  cpu_model: text,
  triton_version: text,
  perf_analyzer_version: text,
  /** Which start of Triton answered. */
  server_start: text,
  /** Medians over the GPU's samples inside the measurement, but for the highest temperature. */
  sm_clock_mhz: number,
  memory_clock_mhz: number,
  temperature_c: number,
  power_w: number,
});
export type RecordEnvironment = z.infer<typeof recordEnvironmentSchema>;

/** One measurement with its evidence and validity. Recomputed from the evidence at any time, never edited. */
export const recordSchema = z.object({
  schema: z.literal(RECORD_SCHEMA),
  id: z.string(),
  /** The measuring Job it is from, in a run of many; absent in a run on this machine. */
  unit: z.string().nullish(),
  run_id: z.string(),
  spec_hash: z.string(),
  variant: z.string(),
  batch: z.int().min(1),
  concurrency: z.int().min(1),
  repeat: z.int().min(1),
  attempt: z.int().min(1),
  started_at: z.string(),
  ended_at: z.string(),
  status: z.enum(['measured', 'invalid', 'failed']),
  /** Why it is invalid or failed; empty when measured. */
  reasons: z.array(z.string()),
  /** Means per request over the statistics endpoint's difference, in µs: the truth of `compute infer`. */
  server: z
    .object({
      requests: z.int().min(0),
      request_us: us.nullable(),
      queue_us: us.nullable(),
      compute_input_us: us.nullable(),
      compute_infer_us: us.nullable(),
      compute_output_us: us.nullable(),
    })
    .nullable(),
  /** What perf_analyzer printed: whole µs, cut and not rounded. */
  printed: z
    .object({
      compute_infer_us: us.nullable(),
      successful_requests: z.int().min(0).nullable(),
      client_requests: z.int().min(0).nullable(),
      throughput: z.number().min(0).nullable(),
      client_avg_us: us.nullable(),
      p50_us: us.nullable(),
      p90_us: us.nullable(),
      p95_us: us.nullable(),
      p99_us: us.nullable(),
    })
    .nullable(),
  /** Client time of the first request of this batch after loading the model; cold where it is the cell's first. */
  first_request_us: us.nullable(),
  /** SHA-256 of perf_analyzer's text. */
  text_sha256: z.string(),
  perf_analyzer_version: z.string().nullable(),
  triton_version: z.string().nullable(),
  // Absent in records of evidence that did not tell.
  /** A canary is no cell of the run. Absent: a cell. */
  role: z.enum(['cell', 'canary']).nullish(),
  /** Client time of the first replay of the request after its model was loaded, in µs; null where it was no first replay. */
  cold_us: us.nullish(),
  /** Whether the model's own start is in `cold_us`: it was the first request to the model at all. */
  cold_initialises: z.boolean().nullish(),
  /** Per-second samples of Triton's counters inside the measurement: how steady it was. */
  windows: z
    .object({
      n: z.int().min(0),
      mean_us: us,
      sd_us: us.nullable(),
      drift_p: z.number().min(0).max(1).nullable(),
      drift_share: z.number().nullable(),
    })
    .nullish(),
  /** Validity by number: each figure with the limit that it must not exceed; null: not known. */
  validity: z.record(z.string(), z.object({ figure: z.number().nullable(), limit: z.number() })).nullish(),
  /** With adaptive repeats: the cell needs no more than so many, and its verdict by then. */
  enough: z.object({ repeats: z.int().min(1), verdict: z.string() }).nullish(),
  environment: recordEnvironmentSchema.nullish(),
});
export type MeasurementRecord = z.infer<typeof recordSchema>;
