/** Test double of measure.py's log: framed evidence that the judge accepts, for given figures. */
import { createHash } from 'node:crypto';
import type { PlannedMeasurement } from '../../../src/spec/cells.js';
import type { Plan } from '../plan.js';

const REQUESTS = 100;

/** What perf_analyzer 2.51 prints for one level in request-count mode. */
function printed(computeInferUs: number): string {
  return `*** Measurement Settings ***
  Batch size: 1
  Service Kind: TRITON
  Sending ${REQUESTS} benchmark requests
  Using synchronous calls for inference

Request concurrency: 1
  Client: 
    Request count: ${REQUESTS}
    Throughput: 99.9 infer/sec
    Avg latency: 2434 usec (standard deviation 2362 usec)
    p50 latency: 1884 usec
    p90 latency: 3473 usec
    p95 latency: 5277 usec
    p99 latency: 9295 usec
    Avg HTTP time: 2423 usec (send/recv 78 usec + response wait 2345 usec)
  Server: 
    Inference count: ${REQUESTS}
    Execution count: ${REQUESTS}
    Successful request count: ${REQUESTS}
    Avg request latency: 2092 usec (overhead 3 usec + queue 17 usec + compute input 17 usec + compute infer ${computeInferUs} usec + compute output 48 usec)

Inferences/Second vs. Client Average Batch Latency
Concurrency: 1, throughput: 99.9 infer/sec, latency 2434 usec
`;
}

function counters(count: number, inferUs: number): unknown {
  const zero = { count, ns: 0 };
  const fail = { count: 0, ns: 0 };
  const infer = { count, ns: count * inferUs * 1000 };
  return {
    inference_count: count,
    execution_count: count,
    success: zero,
    fail,
    queue: zero,
    compute_input: zero,
    compute_infer: infer,
    compute_output: zero,
  };
}

export interface Told {
  readonly attempt?: number;
  /** @default 2000 */
  readonly computeInferUs?: number;
  /** perf_analyzer's exit code. @default 0 */
  readonly exitCode?: number;
  readonly error?: string;
}

/** SHA-256 of the text that a frame holds. */
export function textDigest(told: Told = {}): string {
  return createHash('sha256')
    .update(printed(told.computeInferUs ?? 2000))
    .digest('hex');
}

/** One measurement as measure.py frames it on stdout. */
export function frame(plan: Plan, item: PlannedMeasurement, told: Told = {}): string {
  const { attempt = 1, computeInferUs = 2000, exitCode = 0, error = null } = told;
  const text = printed(computeInferUs);
  const begin = { v: 1, id: item.id, attempt, run: plan.runId, spec: plan.specHash };
  const evidence = {
    schema: 'hps-bench/evidence/1',
    run_id: plan.runId,
    spec_hash: plan.specHash,
    ...item,
    attempt,
    started_at: '2026-01-02T03:04:05.000+00:00',
    ended_at: '2026-01-02T03:04:15.000+00:00',
    command: ['perf_analyzer', '-m', item.variant],
    exit_code: exitCode,
    signal: null,
    deadline_exceeded: false,
    perf_analyzer_version: 'Perf Analyzer Version 2.51.0',
    text_sha256: textDigest(told),
    mode: 'request_count',
    warmup: { requests: 3, seconds: 0.1, first_request_us: 5000 },
    statistics: { before: counters(10, computeInferUs), first: null, after: counters(10 + REQUESTS, computeInferUs) },
    environment: { triton_version: '2.51.0', cpus: 2 },
    error,
  };
  const end = {
    v: 1,
    id: item.id,
    bytes: Buffer.byteLength(text),
    sha256: evidence.text_sha256,
    newline_added: false,
    evidence,
  };
  return `#hps-bench:begin ${JSON.stringify(begin)}\n${text}#hps-bench:end ${JSON.stringify(end)}\n`;
}

/** What measure.py leaves as its termination message. */
export function lastWords(plan: Plan, items: readonly PlannedMeasurement[]): string {
  const lines = items.map((item) => `${item.id}.a1 ${textDigest()}\n`).sort();
  const digest = createHash('sha256').update(lines.join('')).digest('hex');
  return JSON.stringify({
    stage: 'measure',
    ok: true,
    reason: `${items.length} of ${plan.measurements} measurements`,
    evidence: items.length,
    digest,
  });
}
