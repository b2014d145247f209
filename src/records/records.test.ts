import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Statistics } from '../triton/statistics.js';
import type { Evidence } from './evidence.js';
import { judge } from './judge/index.js';
import { readEvidence, readRecords, recordsOf, writeRecords } from './store.js';
import { EVIDENCE_SCHEMA } from './versions.js';

const PRINTED = `*** Measurement Settings ***
  Batch size: 1
  Service Kind: TRITON
  Sending 100 benchmark requests
  Using synchronous calls for inference

Request concurrency: 1
  Client: 
    Request count: 100
    Throughput: 99.9 infer/sec
    Avg latency: 2434 usec (standard deviation 2362 usec)
    p50 latency: 1884 usec
    p90 latency: 3473 usec
    p95 latency: 5277 usec
    p99 latency: 9295 usec
    Avg HTTP time: 2423 usec (send/recv 78 usec + response wait 2345 usec)
  Server: 
    Inference count: 100
    Execution count: 100
    Successful request count: 100
    Avg request latency: 2092 usec (overhead 3 usec + queue 17 usec + compute input 17 usec + compute infer 2000 usec + compute output 48 usec)

Inferences/Second vs. Client Average Batch Latency
Concurrency: 1, throughput: 99.9 infer/sec, latency 2434 usec
`;

function counters(count: number, inferNs: number, failed = 0): Statistics {
  const zero = { count, ns: 0 };
  return {
    inference_count: count,
    execution_count: count,
    success: { count, ns: inferNs },
    fail: { count: failed, ns: 0 },
    queue: zero,
    compute_input: zero,
    compute_infer: { count, ns: inferNs },
    compute_output: zero,
  };
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  const text = change.text ?? PRINTED;
  return {
    schema: EVIDENCE_SCHEMA,
    id: 'native_tf-b32-c1-r1',
    run_id: 'r',
    spec_hash: 'h',
    variant: 'native_tf',
    batch: 32,
    concurrency: 1,
    repeat: 1,
    attempt: 1,
    started_at: '2026-01-01T00:00:00.000+00:00',
    ended_at: '2026-01-01T00:00:02.000+00:00',
    command: ['perf_analyzer'],
    exit_code: 0,
    signal: null,
    deadline_exceeded: false,
    perf_analyzer_version: '2.51.0',
    text,
    text_sha256: createHash('sha256').update(text).digest('hex'),
    mode: 'request_count',
    warmup: { requests: 3, seconds: 0.1, first_request_us: 9000 },
    statistics: { before: counters(10, 1e6), first: null, after: counters(110, 1e6 + 100 * 2_000_400) },
    environment: { triton_version: '2.51.0' },
    error: null,
    ...change,
  };
}

describe('the judge', () => {
  it('takes compute infer from the statistics and finds perf_analyzer in agreement', () => {
    const record = judge(evidence());
    expect(record).toMatchObject({ status: 'measured', reasons: [], triton_version: '2.51.0' });
    expect(record.server?.compute_infer_us).toBeCloseTo(2000.4, 6);
    expect(record.printed).toMatchObject({
      compute_infer_us: 2000,
      successful_requests: 100,
      p99_us: 9295,
      throughput: 99.9,
    });
  });

  it('is not content with a figure more than 1 µs away', () => {
    const after = counters(110, 1e6 + 100 * 2_001_100);
    expect(judge(evidence({ statistics: { before: counters(10, 1e6), first: null, after } }))).toMatchObject({
      status: 'invalid',
      reasons: [
        "perf_analyzer says compute infer 2000 µs, Triton's statistics say 2001.1 µs; they may differ by 1 µs: the two did not see the same requests",
      ],
    });
  });

  it('calls nothing measured that comes after an error of HPS, however good it looks', () => {
    const hps_errors = { count: 2, first: ['[HCTR][08:00:57.622][ERROR][RK0][main]: too many keys'] };
    const [reason, ...others] = judge(evidence({ hps_errors })).reasons;
    expect(judge(evidence({ hps_errors })).status).toBe('invalid');
    expect(reason).toContain('HPS had logged 2 errors by then');
    expect(reason).toContain('too many keys');
    expect(others).toEqual([]);
    expect(judge(evidence({ hps_errors, exit_code: 99 })).reasons).toHaveLength(2);
    for (const none of [null, undefined, { count: 0, first: [] }])
      expect(judge(evidence({ hps_errors: none })).status).toBe('measured');
  });

  it('leaves out the first request where perf_analyzer did', () => {
    const first = counters(11, 1e6 + 50e6);
    const after = counters(111, 1e6 + 50e6 + 100 * 2_000_400);
    const record = judge(evidence({ statistics: { before: counters(10, 1e6), first, after } }));
    expect(record.status).toBe('measured');
    expect(record.server).toMatchObject({ requests: 100 });
    expect(record.server?.compute_infer_us).toBeCloseTo(2000.4, 6);
  });

  it('finds another client by its requests, and failed requests', () => {
    const other = { before: counters(10, 1e6), first: null, after: counters(190, 1e6 + 180 * 2_000_400) };
    expect(judge(evidence({ statistics: other })).reasons).toEqual([
      'Triton answered 180 requests, perf_analyzer counted 100; they may differ by 1, one for each in flight: the model had another client, or perf_analyzer was held back while it started',
    ]);
    const failing = { before: counters(10, 1e6), first: null, after: counters(110, 1e6 + 100 * 2_000_400, 4) };
    expect(judge(evidence({ statistics: failing })).reasons).toEqual([
      "Triton counted 4 failed requests, allowed are 0 (see Triton's log)",
    ]);
  });

  it('does not compare time windows that were dropped from the text', () => {
    const statistics = { before: counters(10, 1e6), first: null, after: counters(190, 1e6 + 180 * 2_100_000) };
    expect(judge(evidence({ mode: 'time_windows', statistics })).status).toBe('measured');
  });

  it.each([
    [
      { exit_code: 2, text: 'Failed to obtain stable measurement.\n' },
      'perf_analyzer ended with code 2: the measurement did not become stable',
    ],
    [{ exit_code: null, signal: 'SIGKILL' }, 'perf_analyzer was ended by SIGKILL'],
    [
      { exit_code: null, signal: 'SIGINT', deadline_exceeded: true },
      'perf_analyzer passed its deadline and was stopped (raise perfAnalyzer.deadlineSeconds)',
    ],
    [{ text: '' }, 'perf_analyzer printed 0 measurements, expected one'],
    [{ text: PRINTED + PRINTED }, 'perf_analyzer printed 2 measurements, expected one'],
    [{ error: 'Triton stopped answering while perf_analyzer ran' }, 'Triton stopped answering while perf_analyzer ran'],
    [
      { text_sha256: '0'.repeat(64) },
      'the text does not have the digest written beside it: the evidence was changed or damaged',
    ],
  ])('calls %j failed', (change: Partial<Evidence>, reason) => {
    const record = judge(evidence(change));
    expect(record.status).toBe('failed');
    expect(record.reasons).toContain(reason);
  });

  it('calls it failed when Triton restarted between the readings', () => {
    const record = judge(
      evidence({ statistics: { before: counters(500, 1e9), first: null, after: counters(100, 1e6) } }),
    );
    expect(record.status).toBe('failed');
    expect(record.reasons.join()).toContain('restarted');
  });
});

describe('the store', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hps-bench-records-'));
    mkdirSync(join(folder, 'evidence'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('keeps records line by line and reads them back', () => {
    const records = recordsOf([evidence(), evidence({ id: 'native_tf-b32-c1-r2', repeat: 2 })]);
    writeRecords(join(folder, 'records.ndjson'), records);
    expect(readRecords(join(folder, 'records.ndjson'))).toEqual(records);
    expect(readFileSync(join(folder, 'records.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  });

  it('passes over the temporary file of a writer that was killed', () => {
    writeFileSync(join(folder, 'evidence', '.x.a1.json.tmp'), '{"half');
    writeFileSync(join(folder, 'evidence', 'x.a1.json'), JSON.stringify(evidence()));
    expect(readEvidence(join(folder, 'evidence'))).toHaveLength(1);
  });

  it('refuses another schema and a damaged file, naming the file', () => {
    const file = join(folder, 'evidence', 'x.a1.json');
    writeFileSync(file, JSON.stringify({ ...evidence(), schema: 'hps-bench/evidence/9' }));
    expect(() => readEvidence(join(folder, 'evidence'))).toThrow(
      /x\.a1\.json: has schema "hps-bench\/evidence\/9", this release reads hps-bench\/evidence\/1/,
    );
    writeFileSync(file, '{"half');
    expect(() => readEvidence(join(folder, 'evidence'))).toThrow(/x\.a1\.json: is not JSON/);
    writeFileSync(join(folder, 'records.ndjson'), '{"schema":"hps-bench/record/1"}\n');
    expect(() => readRecords(join(folder, 'records.ndjson'))).toThrow(/records\.ndjson:1: /);
  });
});
