import { z } from 'zod';
import { statisticsSchema } from '../triton/statistics-schema.js';
import { EVIDENCE_SCHEMA } from './versions.js';

const count = z.int().min(0);

/** What a number did over the GPU's samples inside the measurement. */
const range = z.object({ min: z.number(), median: z.number(), max: z.number() });

/** How often the kernel held a cgroup back for its CPU limit; `throttled_us` is summed over its CPUs. */
const throttling = z.object({
  seconds: z.number().min(0),
  periods: count,
  throttled_periods: count,
  throttled_us: z.number().min(0),
});

/**
 * Everything one perf_analyzer process left behind: the raw text, Triton's counters, the environment. Never edited.
 * What is nullish is null where nobody could look, and absent in evidence of releases that did not look.
 */
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
  /** A canary stands first and last in a run and is no cell of it. Absent: a cell. */
  role: z.enum(['cell', 'canary']).nullish(),
  /**
   * The first replay of this request after its model was loaded, before any warm-up: client time in µs. `initialises`: it was
   * the first request to the model at all, so that the model's own start is in it.
   */
  cold: z.object({ us: z.number().min(0), initialises: z.boolean() }).nullish(),
  /**
   * Triton's counters of the model while perf_analyzer ran, as differences between two readings: one row for each reading
   * after which there were new requests. `every_ms` is 1000, doubled each time the rows would become too many.
   */
  samples: z
    .object({
      every_ms: z.int().min(1),
      /** Time of the reading since perf_analyzer's start, in ms. */
      at_ms: z.array(count),
      requests: z.array(count),
      compute_infer_ns: z.array(count),
    })
    .nullish(),
  /** The samples that belong to the windows perf_analyzer's figures are from; null without any. */
  windows: z
    .object({
      /** Samples. */
      n: count,
      requests: count,
      /** Mean compute infer over all their requests, in µs. */
      mean_us: z.number().min(0),
      /** Standard deviation of the samples' own means, in µs; null for one. */
      sd_us: z.number().min(0).nullable(),
      /** Two-sided p of the Mann-Kendall test for a drift; null for too few samples to tell. */
      drift_p: z.number().min(0).max(1).nullable(),
      /** Theil-Sen slope from the first sample to the last, as a share of their median; null with `drift_p`. */
      drift_share: z.number().nullable(),
    })
    .nullish(),
  /** Each GPU that was sampled beside Triton during the measurement. */
  gpus: z
    .array(
      z.object({
        uuid: z.string().nullable(),
        samples: count,
        sm_clock_mhz: range.nullable(),
        memory_clock_mhz: range.nullable(),
        temperature_c: range.nullable(),
        power_w: range.nullable(),
        /** Samples for each value of the driver's bit mask, such as 0x0000000000000004. */
        throttle_reasons: z.record(z.string(), count),
        /** Processes on the GPU that are not Triton's. */
        other_processes: z.array(z.object({ pid: z.int(), samples: count, memory_mib: z.number().nullable() })),
      }),
    )
    .nullish(),
  cpu_throttling: z.object({ client: throttling.nullable(), server: throttling.nullable() }).nullish(),
  /** Which start of Triton answered. */
  server: z.object({ start_id: z.string(), started_at: z.string(), restarted: z.boolean() }).nullish(),
  /** Largest difference between the variants' scores before anything was timed. */
  parity: z.object({ ok: z.boolean(), max_abs_difference: z.number(), limit: z.number() }).nullish(),
  /** With adaptive repeats: with this measurement the cell's verdict became certain, or no longer to be expected. */
  enough: z.object({ repeats: z.int().min(1), verdict: z.string() }).nullish(),
  /** What validity is judged by, each a number that must not exceed the limit of its name; null: not known. */
  figures: z.record(z.string(), z.number().nullable()).nullish(),
  limits: z.record(z.string(), z.number()).nullish(),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Set where the measurement could not be made at all. */
  error: z.string().nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;
