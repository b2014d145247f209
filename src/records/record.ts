import { z } from 'zod';
import { RECORD_SCHEMA } from './versions.js';

const us = z.number().min(0);

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
});
export type MeasurementRecord = z.infer<typeof recordSchema>;
