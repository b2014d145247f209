import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Measurement, readPerfAnalyzer } from './index.js';

const folder = new URL('../../test/fixtures/perf-analyzer/real-triton/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.meta'))
  .map((name) => name.slice(0, -'.meta'.length));

interface Meta {
  rc: number;
  /** The difference of Triton's counters around the whole run, warm-up windows included. */
  stats_delta: { success: { count: number }; inference_count: number };
}

const meta = (name: string): Meta => JSON.parse(readFileSync(new URL(`${name}.meta`, folder), 'utf8')) as Meta;
const read = (file: string): ReturnType<typeof readPerfAnalyzer> =>
  readPerfAnalyzer(readFileSync(new URL(file, folder)));

const sum = (levels: Measurement[], key: 'successful_request_count' | 'inference_count'): number =>
  levels.reduce((total, m) => total + (m[key] ?? 0), 0);

describe('a real perf_analyzer against a real Triton', () => {
  it.each(names)('%s: no level has more requests than Triton counted', (name) => {
    const { measurements } = read(`${name}.txt`);
    const counted = meta(name).stats_delta;
    expect(sum(measurements, 'successful_request_count')).toBeLessThanOrEqual(counted.success.count);
    expect(sum(measurements, 'inference_count')).toBeLessThanOrEqual(counted.inference_count);
  });

  it.each(names)('%s: what the exit code says is in the flags', (name) => {
    const { rc } = meta(name);
    const reading = read(`${name}.txt`);
    const measured = reading.measurements.filter((m) => m.throughput !== undefined);
    expect(measured.length > 0).toBe(rc === 0);
    if (rc === 2) expect(reading.flags.unstable).toBe(true);
    if (rc === 99) expect(reading.errors).not.toEqual([]);
  });

  it.each(names)('%s: the parts of the server’s time are not more than the whole', (name) => {
    for (const m of read(`${name}.txt`).measurements) {
      if (m.avg_request_latency_us === undefined) continue;
      const parts = [m.overhead_us, m.queue_us, m.compute_input_us, m.compute_infer_us, m.compute_output_us];
      const total = parts.reduce<number>((all, part) => all + (part ?? 0), 0);
      expect(total).toBeLessThanOrEqual(m.avg_request_latency_us);
      expect(total).toBeGreaterThanOrEqual(m.avg_request_latency_us - 6);
    }
  });

  it.each(names.filter((name) => readdirSync(folder).includes(`${name}.csv`)))(
    '%s: the CSV has the numbers of the report',
    (name) => {
      const levels = read(`${name}.txt`).measurements;
      const rows = read(`${name}.csv`).measurements;
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        const level = levels.find((m) => m.concurrency === row.concurrency);
        for (const key of [
          'throughput',
          'p50_us',
          'p90_us',
          'p95_us',
          'p99_us',
          'queue_us',
          'compute_infer_us',
        ] as const) {
          expect(row[key]).toBe(level?.[key]);
        }
      }
    },
  );
});
