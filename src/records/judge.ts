import { createHash } from 'node:crypto';
import { readStdout, type Measurement } from '../perf-analyzer/index.js';
import { difference, type StatisticsDifference } from '../triton/statistics.js';
import type { Evidence } from './evidence.js';
import type { MeasurementRecord } from './record.js';
import { RECORD_SCHEMA } from './versions.js';

/** perf_analyzer cuts to whole µs, so a figure that agrees lies less than this below Triton's own. */
const AGREEMENT_US = 1;
/** Share by which requests at the ends of time windows may move a mean. */
const WINDOW_ENDS = 0.02;

/** The record an evidence file stands for: Triton's statistics are the truth, perf_analyzer's text must agree. */
export function judge(evidence: Evidence): MeasurementRecord {
  const failures = failuresOf(evidence);
  const level = levelOf(evidence, failures);
  const server = serverOf(evidence, level, failures);
  const doubts = hpsErrors(evidence);
  if (failures.length === 0 && server !== null && level !== null)
    doubts.push(...disagreements(evidence, server, level));
  const status = failures.length > 0 ? 'failed' : doubts.length > 0 ? 'invalid' : 'measured';
  const version = evidence.environment['triton_version'];
  return {
    schema: RECORD_SCHEMA,
    id: evidence.id,
    run_id: evidence.run_id,
    spec_hash: evidence.spec_hash,
    variant: evidence.variant,
    batch: evidence.batch,
    concurrency: evidence.concurrency,
    repeat: evidence.repeat,
    attempt: evidence.attempt,
    started_at: evidence.started_at,
    ended_at: evidence.ended_at,
    status,
    reasons: [...failures, ...doubts],
    server: server === null ? null : serverFields(server),
    printed: level === null ? null : printedFields(level),
    first_request_us: evidence.warmup.first_request_us,
    text_sha256: evidence.text_sha256,
    perf_analyzer_version: evidence.perf_analyzer_version,
    triton_version: typeof version === 'string' ? version : null,
  };
}

/** After an error HPS answers with success and an unwritten output, so nothing it says later counts. */
function hpsErrors(evidence: Evidence): string[] {
  const errors = evidence.hps_errors ?? { count: 0, first: [] };
  if (errors.count === 0) return [];
  return [
    `HPS had logged ${errors.count} errors by then, so its answers mean nothing; the first: ${errors.first[0] ?? ''}`,
  ];
}

function failuresOf(evidence: Evidence): string[] {
  const reasons: string[] = [];
  if (evidence.error !== null) reasons.push(evidence.error);
  if (createHash('sha256').update(evidence.text).digest('hex') !== evidence.text_sha256)
    reasons.push('the text does not have the digest written beside it: the evidence was changed or damaged');
  if (evidence.deadline_exceeded)
    reasons.push('perf_analyzer passed its deadline and was stopped (raise perfAnalyzer.deadlineSeconds)');
  else if (evidence.signal !== null) reasons.push(`perf_analyzer was ended by ${evidence.signal}`);
  else if (evidence.exit_code !== 0)
    reasons.push(`perf_analyzer ended with code ${String(evidence.exit_code)}${meaning(evidence.exit_code)}`);
  return reasons;
}

/** perf_analyzer's exit codes since 22.09. */
function meaning(code: number | null): string {
  if (code === 2) return ': the measurement did not become stable';
  if (code === 3) return ': no valid request within the window (use a longer one)';
  return '';
}

/**
 * Triton's counters over the requests perf_analyzer counted. It starts its requests and reads the counters at about the same
 * time, so that in some runs the first request is over by then and missing from its figures; then it is left out here too.
 */
function serverOf(evidence: Evidence, level: Measurement | null, failures: string[]): StatisticsDifference | null {
  const { before, first, after } = evidence.statistics;
  if (before === null || after === null) return null;
  try {
    const whole = difference(before, after);
    const printed = level?.successful_request_count;
    return first !== null && typeof printed === 'number' && printed === whole.successes - 1
      ? difference(first, after)
      : whole;
  } catch (error) {
    failures.push((error as Error).message);
    return null;
  }
}

function levelOf(evidence: Evidence, failures: string[]): Measurement | null {
  const reading = readStdout(evidence.text);
  for (const line of reading.errors.slice(0, 3)) failures.push(`perf_analyzer: ${line}`);
  const [level, ...others] = reading.measurements;
  if (level === undefined || others.length > 0) {
    if (failures.length === 0)
      failures.push(`perf_analyzer printed ${reading.measurements.length} measurements, expected one`);
    return null;
  }
  if (level.compute_infer_us === undefined && failures.length === 0)
    failures.push('perf_analyzer printed no compute infer');
  return level;
}

/** Counts to one request per thread, compute infer to a µs: else the two did not see the same requests. */
function disagreements(evidence: Evidence, server: StatisticsDifference, level: Measurement): string[] {
  const reasons: string[] = [];
  if (server.failures > 0) reasons.push(`Triton counted ${server.failures} failed requests`);
  const printed = level.successful_request_count;
  const apart = printed === undefined ? Infinity : server.successes - printed;
  const together = apart >= 0 && apart <= evidence.concurrency;
  // Windows that had not settled are dropped from the text, yet Triton counted their requests: nothing to compare then.
  if (evidence.mode === 'time_windows' && apart > evidence.concurrency) return reasons;
  if (!together)
    reasons.push(
      `Triton answered ${server.successes} requests, perf_analyzer counted ${String(printed)}: the model had another client`,
    );
  const [told, counted] = [level.compute_infer_us, server.computeInferUs];
  if (
    together &&
    typeof told === 'number' &&
    counted !== null &&
    !agrees(told, counted, slackUs(evidence, apart, counted))
  )
    reasons.push(`perf_analyzer says compute infer ${told} µs, Triton's statistics say ${counted.toFixed(1)} µs`);
  return reasons;
}

/**
 * perf_analyzer cuts its figure to whole µs. In time windows the requests under way at the window's ends are on one side
 * only, and no reading falls between them; their share is small but not below a µs.
 */
function slackUs(evidence: Evidence, apart: number, counted: number): number {
  return evidence.mode === 'time_windows' && apart !== 0 ? counted * WINDOW_ENDS : AGREEMENT_US;
}

function agrees(told: number, counted: number, slack: number): boolean {
  return Math.abs(counted - told) <= slack;
}

function serverFields(server: StatisticsDifference): NonNullable<MeasurementRecord['server']> {
  return {
    requests: server.successes,
    request_us: server.requestUs,
    queue_us: server.queueUs,
    compute_input_us: server.computeInputUs,
    compute_infer_us: server.computeInferUs,
    compute_output_us: server.computeOutputUs,
  };
}

function printedFields(level: Measurement): NonNullable<MeasurementRecord['printed']> {
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    compute_infer_us: number(level.compute_infer_us),
    successful_requests: number(level.successful_request_count),
    client_requests: number(level.request_count),
    throughput: number(level.throughput),
    client_avg_us: number(level.avg_us),
    p50_us: number(level.p50_us),
    p90_us: number(level.p90_us),
    p95_us: number(level.p95_us),
    p99_us: number(level.p99_us),
  };
}
