import { expect, it } from 'vitest';
import type { MeasurementRecord } from '../records/index.js';
import { samplesPerSecond } from './report-model.js';

/** 20 requests of 1024 samples, 84,560 µs each: perf_analyzer 2.51 printed 9.9833 infer/sec for 11.8 answered a second. */
const record = {
  batch: 1024,
  concurrency: 1,
  printed: { throughput: 9.9833, client_avg_us: 84_560 },
} as MeasurementRecord;

it('takes samples per second from the mean latency where perf_analyzer sent a fixed number of requests', () => {
  expect(samplesPerSecond(record, 'request_count')).toBeCloseTo((1024 * 1e6) / 84_560, 6);
});

it('takes samples per second from the printed throughput in time windows', () => {
  expect(samplesPerSecond(record, 'time_windows')).toBeCloseTo(1024 * 9.9833, 6);
});

it('gives none where the figure it needs was not printed', () => {
  const bare = { ...record, printed: { throughput: null, client_avg_us: null } } as unknown as MeasurementRecord;
  expect(samplesPerSecond(bare, 'request_count')).toBeUndefined();
  expect(samplesPerSecond(bare, 'time_windows')).toBeUndefined();
});
