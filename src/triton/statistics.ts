import type { Statistics } from './statistics-schema.js';

export { statisticsSchema, type Statistics } from './statistics-schema.js';

/** What happened between two readings of the same server. */
export interface StatisticsDifference {
  readonly successes: number;
  readonly failures: number;
  readonly executions: number;
  /** Means per successful request, in µs; null without one. */
  readonly requestUs: number | null;
  readonly queueUs: number | null;
  readonly computeInputUs: number | null;
  readonly computeInferUs: number | null;
  readonly computeOutputUs: number | null;
}

const COUNTERS = ['success', 'fail', 'queue', 'compute_input', 'compute_infer', 'compute_output'] as const;

/** @throws RangeError if a counter went back: the server restarted between the readings. */
export function difference(before: Statistics, after: Statistics): StatisticsDifference {
  for (const name of COUNTERS)
    if (after[name].count < before[name].count || after[name].ns < before[name].ns)
      throw new RangeError(
        `Triton's ${name} counter went back from ${before[name].count} to ${after[name].count}: it was restarted`,
      );
  const mean = (name: (typeof COUNTERS)[number]): number | null => {
    const count = after[name].count - before[name].count;
    return count === 0 ? null : (after[name].ns - before[name].ns) / count / 1000;
  };
  return {
    successes: after.success.count - before.success.count,
    failures: after.fail.count - before.fail.count,
    executions: after.execution_count - before.execution_count,
    requestUs: mean('success'),
    queueUs: mean('queue'),
    computeInputUs: mean('compute_input'),
    computeInferUs: mean('compute_infer'),
    computeOutputUs: mean('compute_output'),
  };
}
