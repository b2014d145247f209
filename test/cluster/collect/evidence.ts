import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, plannedMeasurements, type PlannedMeasurement, type Spec } from '../../../src/spec/index.js';

const SAMPLES = join(PACKAGE_ROOT, 'test', 'fixtures', 'perf-analyzer', 'real-triton');
/** Real texts of perf_analyzer in time windows, of one level each; beside each lie Triton's counters for the same process. */
const SAMPLE_NAMES = ['01-http-b32', '04-grpc-b64-v', '34-http-b1024-binary-files', '08-grpc-b2048-v', '10-grpc-b4096'];

const samples = SAMPLE_NAMES.map((name) => ({
  text: readFileSync(join(SAMPLES, `${name}.txt`), 'utf8'),
  counters: (JSON.parse(readFileSync(join(SAMPLES, `${name}.meta`), 'utf8')) as { stats_delta: unknown }).stats_delta,
}));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Keys in Python's `sort_keys` order, as measure.py writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** One piece of evidence as measure.py would have it, had it measured one of those real processes. */
export interface Piece {
  readonly key: string;
  readonly text: string;
  readonly evidence: Record<string, unknown>;
}

export interface OfUnit {
  readonly spec: Spec;
  readonly specHash: string;
  readonly runId: string;
  /** What makes the evidence of this unit its own. */
  readonly gpu: string;
}

const none = { count: 0, ns: 0 };
const ZERO = {
  ...{ inference_count: 0, execution_count: 0 },
  ...Object.fromEntries(
    ['success', 'fail', 'queue', 'compute_input', 'compute_infer', 'compute_output'].map((name) => [name, none]),
  ),
};

/** Everything that one unit measures. */
export function piecesOf(unit: OfUnit): Piece[] {
  return plannedMeasurements(unit.spec).map((item, i) => pieceOf(unit, item, i));
}

export function pieceOf({ specHash, runId, gpu }: OfUnit, item: PlannedMeasurement, i: number): Piece {
  const { text, counters } = samples[i % samples.length] as (typeof samples)[number];
  const evidence = {
    ...{ schema: 'hps-bench/evidence/1', run_id: runId, spec_hash: specHash, ...item, attempt: 1 },
    ...{ started_at: '2026-01-02T03:04:05.000+00:00', ended_at: '2026-01-02T03:04:15.000+00:00' },
    ...{ command: ['perf_analyzer', '-m', item.variant], exit_code: 0, signal: null, deadline_exceeded: false },
    ...{ perf_analyzer_version: null, text_sha256: sha256(text), mode: 'time_windows', error: null },
    warmup: { requests: 3, seconds: 0.1, first_request_us: null },
    statistics: { before: ZERO, first: null, after: counters },
    environment: { triton_version: '2.51.0', gpu_uuid: gpu },
  };
  return { key: `${item.id}.a1`, text, evidence: sorted(evidence) as Record<string, unknown> };
}

/** A piece as it is framed on stdout. */
export function frameOf({ text, evidence }: Piece): string {
  const { id, attempt, run_id: run, spec_hash: spec, text_sha256: digest } = evidence;
  const added = !text.endsWith('\n');
  const begin = { attempt, id, run, spec, v: 1 };
  const end = { bytes: Buffer.byteLength(text), evidence, id, newline_added: added, sha256: digest, v: 1 };
  return `#hps-bench:begin ${JSON.stringify(begin)}\n${text}${added ? '\n' : ''}#hps-bench:end ${JSON.stringify(end)}\n`;
}

/** A piece as it lies on the volume. */
export const fileOf = ({ text, evidence }: Piece): string => `${JSON.stringify(sorted({ ...evidence, text }))}\n`;

/** The termination message of a pod that left these pieces. */
export function messageOf(pieces: readonly Piece[], reason = 'all', exitCode = 0): string {
  const lines = pieces.map(({ key, evidence }) => `${key} ${String(evidence['text_sha256'])}\n`).sort();
  const words = { digest: sha256(lines.join('')), evidence: pieces.length, exit_code: exitCode, ok: exitCode === 0 };
  return JSON.stringify({ ...words, reason, stage: 'measure' });
}
