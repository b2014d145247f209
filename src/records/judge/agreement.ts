import type { Measurement } from '../../perf-analyzer/index.js';
import type { StatisticsDifference } from '../../triton/statistics.js';
import type { Evidence } from '../evidence.js';
import { leftOut } from './server.js';

/** perf_analyzer cuts to whole µs, so a figure that agrees lies less than this below Triton's own. */
const AGREEMENT_US = 1;
/** Share by which requests at the ends of time windows may move a mean. */
const WINDOW_ENDS = 0.02;

/** Counts to one request per thread, compute infer to a µs: else the two did not see the same requests. */
export function disagreements(evidence: Evidence, server: StatisticsDifference, level: Measurement): string[] {
  const reasons =
    server.failures > 0 ? [`Triton counted ${server.failures} failed requests, allowed are 0 (see Triton's log)`] : [];
  const printed = level.successful_request_count;
  const apart = printed === undefined ? Infinity : server.successes - printed;
  if (leftOut(evidence, server, printed)) {
    // Without samples nothing is known of the windows that were kept, so there is nothing to compare.
    const known = (evidence.windows?.n ?? 0) > 0;
    return known ? [...reasons, ...figuresApart(evidence, server, level, apart)] : reasons;
  }
  if (apart >= 0 && apart <= evidence.concurrency) return [...reasons, ...figuresApart(evidence, server, level, apart)];
  return [
    ...reasons,
    `Triton answered ${server.successes} requests, perf_analyzer counted ${String(printed)}; they may differ by ${evidence.concurrency}, one for each in flight: the model had another client, or perf_analyzer was held back while it started`,
  ];
}

function figuresApart(evidence: Evidence, server: StatisticsDifference, level: Measurement, apart: number): string[] {
  const [told, counted] = [level.compute_infer_us, server.computeInferUs];
  if (typeof told !== 'number' || counted === null) return [];
  const slack = slackUs(evidence, apart, counted);
  if (Math.abs(counted - told) <= slack) return [];
  const allowed = slack === AGREEMENT_US ? '1 µs' : `${slack.toFixed(1)} µs, ${100 * WINDOW_ENDS} %`;
  return [
    `perf_analyzer says compute infer ${told} µs, Triton's statistics say ${counted.toFixed(1)} µs; they may differ by ${allowed}: the two did not see the same requests`,
  ];
}

/**
 * perf_analyzer cuts its figure to whole µs. In time windows the requests under way at the window's ends are on one side
 * only, and no reading falls between them; their share is small but not below a µs.
 */
function slackUs(evidence: Evidence, apart: number, counted: number): number {
  return evidence.mode === 'time_windows' && apart !== 0 ? Math.max(counted * WINDOW_ENDS, AGREEMENT_US) : AGREEMENT_US;
}
