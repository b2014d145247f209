import { readReport, type Measurement } from '../../perf-analyzer/index.js';
import type { Evidence } from '../evidence.js';
import type { MeasurementRecord } from '../record.js';

/** The one measurement in perf_analyzer's text, or null with the reason added to `failures`. */
export function levelOf(evidence: Evidence, failures: string[]): Measurement | null {
  const reading = readReport(evidence.text);
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

/** What of it goes into the record. */
export function printedFields(level: Measurement): NonNullable<MeasurementRecord['printed']> {
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
