import type { Measurement } from '../../perf-analyzer/index.js';
import { difference, type StatisticsDifference } from '../../triton/statistics.js';
import type { Evidence } from '../evidence.js';
import type { MeasurementRecord } from '../record.js';

/**
 * Triton's counters over the requests perf_analyzer counted. It starts its requests and reads the counters at about the same
 * time, so that in some runs the first request is over by then and missing from its figures; then it is left out here too.
 * In time windows the one that is missing may be the last instead: of the two ways to leave one out that counts which agrees.
 *
 * @returns null without two readings, or where they do not belong together: then the reason is added to `failures`
 */
export function serverOf(
  evidence: Evidence,
  level: Measurement | null,
  failures: string[],
): StatisticsDifference | null {
  const { before, first, after } = evidence.statistics;
  if (before === null || after === null) return null;
  try {
    const whole = difference(before, after);
    const printed = level?.successful_request_count;
    if (first === null || printed !== whole.successes - 1) return settled(evidence, whole, printed);
    const later = difference(first, after);
    return distance(later, level) <= distance(whole, level) ? later : whole;
  } catch (error) {
    failures.push((error as Error).message);
    return null;
  }
}

function distance({ computeInferUs }: StatisticsDifference, level: Measurement | null): number {
  const told = level?.compute_infer_us;
  return typeof told === 'number' && computeInferUs !== null ? Math.abs(computeInferUs - told) : 0;
}

/**
 * perf_analyzer leaves out time windows that had not settled, and Triton's counters from beginning to end hold them still:
 * compute infer is then that of the samples in the windows it kept.
 */
function settled(
  evidence: Evidence,
  whole: StatisticsDifference,
  printed: number | null | undefined,
): StatisticsDifference {
  const { windows } = evidence;
  const dropped = leftOut(evidence, whole, printed);
  return dropped && windows != null && windows.n > 0 ? { ...whole, computeInferUs: windows.mean_us } : whole;
}

/** Whether perf_analyzer's figures leave out whole time windows that Triton counted. */
export function leftOut(
  evidence: Pick<Evidence, 'mode' | 'concurrency'>,
  server: StatisticsDifference,
  printed: number | null | undefined,
): boolean {
  return (
    evidence.mode === 'time_windows' && typeof printed === 'number' && server.successes - printed > evidence.concurrency
  );
}

/** What of it goes into the record. */
export function serverFields(server: StatisticsDifference): NonNullable<MeasurementRecord['server']> {
  return {
    requests: server.successes,
    request_us: server.requestUs,
    queue_us: server.queueUs,
    compute_input_us: server.computeInputUs,
    compute_infer_us: server.computeInferUs,
    compute_output_us: server.computeOutputUs,
  };
}
