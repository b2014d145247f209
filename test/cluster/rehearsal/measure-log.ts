import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../jobs/conductor/plan.js';
import { PACKAGE_ROOT, plannedMeasurements, type PlannedMeasurement } from '../../../src/spec/index.js';

const SAMPLES = join(PACKAGE_ROOT, 'test', 'fixtures', 'perf-analyzer', 'real-triton');
/** Real texts of perf_analyzer in time windows, of one level each; beside each lie Triton's counters for the same process. */
const NAMES = ['01-http-b32', '04-grpc-b64-v', '34-http-b1024-binary-files', '08-grpc-b2048-v', '10-grpc-b4096'];

interface Sample {
  readonly text: string;
  readonly counters: Record<string, unknown>;
}

function sample(name: string): Sample {
  const { stats_delta: counters } = JSON.parse(readFileSync(join(SAMPLES, `${name}.meta`), 'utf8')) as {
    stats_delta: Record<string, unknown>;
  };
  return { text: readFileSync(join(SAMPLES, `${name}.txt`), 'utf8'), counters };
}

/** The log and the termination message that measure.py would leave, had it measured those real processes. */
export function measureLog(plan: Plan): { log: string; message: string } {
  if (plan.spec.perfAnalyzer.mode !== 'time_windows') throw new Error('the samples are of time windows');
  const samples = NAMES.map(sample);
  const items = plannedMeasurements(plan.spec);
  const chosen = items.map((item, i) => ({ item, ...(samples[i % samples.length] ?? sample('')) }));
  const lines = chosen.map(({ item, text }) => `${item.id}.a1 ${sha256(text)}\n`).sort();
  const reason = `${items.length} of ${plan.measurements} measurements`;
  const message = { stage: 'measure', ok: true, reason, evidence: items.length, digest: sha256(lines.join('')) };
  return { log: chosen.map((one) => frame(plan, one.item, one)).join(''), message: JSON.stringify(message) };
}

function frame(plan: Plan, item: PlannedMeasurement, { text, counters }: Sample): string {
  const begin = { v: 1, id: item.id, attempt: 1, run: plan.runId, spec: plan.specHash };
  const none = { count: 0, ns: 0 };
  const names = ['success', 'fail', 'queue', 'compute_input', 'compute_infer', 'compute_output'];
  const zero = { inference_count: 0, execution_count: 0, ...Object.fromEntries(names.map((name) => [name, none])) };
  const evidence = {
    ...{ schema: 'hps-bench/evidence/1', run_id: plan.runId, spec_hash: plan.specHash, ...item, attempt: 1 },
    ...{ started_at: '2026-01-02T03:04:05.000+00:00', ended_at: '2026-01-02T03:04:15.000+00:00' },
    ...{ command: ['perf_analyzer', '-m', item.variant], exit_code: 0, signal: null, deadline_exceeded: false },
    ...{ perf_analyzer_version: null, text_sha256: sha256(text), mode: 'time_windows', error: null },
    warmup: { requests: 3, seconds: 0.1, first_request_us: null },
    statistics: { before: zero, first: null, after: counters },
    environment: { triton_version: '2.51.0' },
  };
  const newline = text.endsWith('\n') ? '' : '\n';
  const said = { bytes: Buffer.byteLength(text), sha256: evidence.text_sha256, newline_added: newline !== '' };
  const end = { v: 1, id: item.id, ...said, evidence };
  return `#hps-bench:begin ${JSON.stringify(begin)}\n${text}${newline}#hps-bench:end ${JSON.stringify(end)}\n`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
