import { z } from 'zod';
import { statisticsSchema } from '../triton/statistics-schema.js';
import { EVIDENCE_SCHEMA } from './versions.js';

/** Everything one perf_analyzer process left behind: the raw text, Triton's counters, the environment. Never edited. */
export const evidenceSchema = z.object({
  schema: z.literal(EVIDENCE_SCHEMA),
  id: z.string(),
  run_id: z.string(),
  spec_hash: z.string(),
  variant: z.string(),
  batch: z.int().min(1),
  concurrency: z.int().min(1),
  repeat: z.int().min(1),
  /** From 1; an earlier failed attempt keeps its own file. */
  attempt: z.int().min(1),
  started_at: z.iso.datetime({ offset: true }),
  ended_at: z.iso.datetime({ offset: true }),
  /** perf_analyzer's argument list, program first. */
  command: z.array(z.string()),
  /** Null if perf_analyzer was ended by a signal. */
  exit_code: z.int().nullable(),
  signal: z.string().nullable(),
  deadline_exceeded: z.boolean(),
  perf_analyzer_version: z.string().nullable(),
  /** stdout and stderr as they came, merged. */
  text: z.string(),
  /** SHA-256 of `text` as UTF-8. */
  text_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mode: z.enum(['time_windows', 'request_count']),
  warmup: z.object({
    requests: z.int().min(0),
    seconds: z.number().min(0),
    /** Client time of the first request of this batch size after the model was loaded, in µs. */
    first_request_us: z.number().min(0).nullable(),
  }),
  statistics: z.object({
    before: statisticsSchema.nullable(),
    /** Right after perf_analyzer's first request; null if no reading fell between the first and the second. */
    first: statisticsSchema.nullable(),
    after: statisticsSchema.nullable(),
  }),
  /** Errors that the parameter server had logged by the measurement's end; null or absent where nobody looks for them. */
  hps_errors: z.object({ count: z.int().min(0), first: z.array(z.string()) }).nullish(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Set where the measurement could not be made at all. */
  error: z.string().nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;
