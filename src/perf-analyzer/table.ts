/** A reading as a table for people. */
import Table from 'cli-table3';
import type { Measurement, Reading, SummaryRow } from './reading.js';
import { releaseRange } from './release-range.js';

const PLAIN = { head: [], border: [] };

function level(row: { concurrency?: number | null; request_rate?: number | null }): string {
  if (typeof row.concurrency === 'number') return `concurrency ${row.concurrency}`;
  if (typeof row.request_rate === 'number') return `${row.request_rate} requests/s`;
  return 'no level named';
}

function flagsOf(flags: object | undefined): string {
  return Object.keys(flags ?? {}).join(', ').replaceAll('_', ' '); // prettier-ignore
}

function cells(row: Record<string, unknown>, keys: string[]): string[] {
  return keys.map((key) => {
    const value = row[key];
    return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  });
}

const COLUMNS: [title: string, key: keyof Measurement][] = [
  ['stream', 'stream'],
  ['requests', 'request_count'],
  ['infer/s', 'throughput'],
  ['avg µs', 'avg_us'],
  ['p50 µs', 'p50_us'],
  ['p99 µs', 'p99_us'],
  ['served', 'successful_request_count'],
  ['queue µs', 'queue_us'],
  ['compute input µs', 'compute_input_us'],
  ['compute infer µs', 'compute_infer_us'],
  ['compute output µs', 'compute_output_us'],
];

function measurements(reading: Reading): string {
  const used = COLUMNS.filter(([, key]) => reading.measurements.some((m) => m[key] !== undefined));
  const table = new Table({ head: ['level', ...used.map(([title]) => title), 'flags'], style: PLAIN });
  for (const m of reading.measurements) {
    table.push([level(m), ...cells({ ...m }, used.map(([, key]) => key)), flagsOf(m.flags)]); // prettier-ignore
    for (const model of m.composing_models ?? []) {
      const name = model.version === '' ? model.name : `${model.name} ${model.version}`;
      table.push([`  ${name}`, ...cells({ ...model }, used.map(([, key]) => key)), '']); // prettier-ignore
    }
  }
  return table.toString();
}

function summary(reading: Reading): string {
  const statistic = reading.summary_statistic ?? 'latency';
  const table = new Table({ head: ['closing table', 'infer/s', `${statistic} µs`, ''], style: PLAIN });
  const row = (entry: SummaryRow): string[] => [
    level(entry),
    ...cells({ ...entry }, ['throughput', 'latency_us']),
    entry.stale ? 'stale' : '',
  ];
  table.push(...reading.summary.map(row));
  return table.toString();
}

function profile(reading: Reading): string {
  const table = new Table({ head: ['experiment', 'requests', 'min ns', 'max ns', 'mean ns', 'windows'], style: PLAIN });
  for (const e of reading.profile_export?.experiments ?? []) {
    const mean = e.latency_ns_sum === undefined || e.requests === 0 ? '' : e.latency_ns_sum / BigInt(e.requests);
    table.push([
      `${e.mode ?? ''} ${e.value ?? ''}`,
      String(e.requests),
      String(e.latency_ns_min ?? ''),
      String(e.latency_ns_max ?? ''),
      String(mean),
      String(e.window_boundaries),
    ]);
  }
  return table.toString();
}

function releases(reading: Reading): string {
  const range = releaseRange(reading);
  if (!range.consistent) return 'several (the wordings contradict each other)';
  if (range.from === undefined && range.to === undefined) return 'any';
  return `${range.from ?? 'any'} to ${range.to ?? 'any'}`;
}

/** Lines of text for a terminal: what it is, which releases, the levels, the tool's own sentences. */
export function readingToTable(reading: Reading): string {
  if (reading.kind === 'foreign') return 'foreign: no line of this text is perf_analyzer’s';
  const settings = Object.entries(reading.settings ?? {}).map(([key, value]) => `${key} ${String(value)}`);
  const parts = [`${reading.kind}, releases ${releases(reading)}`];
  if (settings.length > 0) parts.push(settings.join(' · '));
  if (reading.measurements.length > 0) parts.push(measurements(reading));
  if (reading.profile_export) parts.push(profile(reading));
  if (reading.summary.length > 0) parts.push(summary(reading));
  const flags = flagsOf(reading.flags);
  if (flags !== '') parts.push(`flags: ${flags}`);
  parts.push(...reading.errors.map((line) => `error: ${line}`), ...reading.warnings.map((line) => `warning: ${line}`));
  return parts.join('\n');
}
