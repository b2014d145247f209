import { z } from 'zod';

const duration = z.object({ count: z.int().min(0), ns: z.int().min(0) });

/**
 * Triton's cumulative counters of one model, as `GET v2/models/M/stats` gives them under `inference_stats`
 * (statistics extension of the KServe v2 protocol): `count` requests, `ns` nanoseconds in all.
 */
export const statisticsSchema = z.object({
  inference_count: z.int().min(0),
  execution_count: z.int().min(0),
  success: duration,
  fail: duration,
  queue: duration,
  compute_input: duration,
  compute_infer: duration,
  compute_output: duration,
});
export type Statistics = z.infer<typeof statisticsSchema>;
