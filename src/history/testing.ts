import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORD_SCHEMA, type MeasurementRecord } from '../records/index.js';
import { measurementId } from '../spec/index.js';

/** What a test says of a run; the rest is filled in. */
export interface TestRun {
  readonly run: string;
  readonly specHash?: string;
  readonly createdAt?: string;
  readonly cpu?: string;
  /** Compute infer of each repeat in µs, by `variant` and batch. */
  readonly cells: readonly (readonly [variant: string, batch: number, us: readonly number[]])[];
}

/** A record as measuring makes it, with that figure. */
export function testRecord(
  cell: { variant: string; batch: number; repeat: number; attempt?: number },
  us: number | null,
  more: Partial<MeasurementRecord> = {},
): MeasurementRecord {
  const { variant, batch, repeat, attempt = 1 } = cell;
  const times = { request_us: us, queue_us: 1, compute_input_us: 1, compute_infer_us: us, compute_output_us: 1 };
  return {
    ...{ schema: RECORD_SCHEMA, id: measurementId({ variant, batch, concurrency: 1 }, repeat), run_id: 'r' },
    ...{ spec_hash: 'abc', variant, batch, concurrency: 1, repeat, attempt },
    ...{ started_at: '2026-01-02T03:04:05.000+00:00', ended_at: '2026-01-02T03:04:15.000+00:00' },
    ...{ status: 'measured', reasons: [], server: { requests: 10, ...times }, printed: null, first_request_us: null },
    ...{ text_sha256: '0'.repeat(64), perf_analyzer_version: null, triton_version: '2.51.0' },
    ...more,
  };
}

/** Writes a run's folder as `hps-bench local` leaves it, as far as history reads it. @returns its path */
export function writeRun(root: string, { run, specHash = 'abc', createdAt, cpu, cells }: TestRun): string {
  const path = join(root, run);
  mkdirSync(join(path, 'evidence'), { recursive: true });
  const spec = { name: 'bench', variants: [...new Set(cells.map(([variant]) => variant))], batches: [32] };
  const created = createdAt ?? '2026-01-02T03:00:00.000Z';
  const about = { schema: 'hps-bench/run/1', run_id: run, spec_hash: specHash, created_at: created, spec };
  writeFileSync(join(path, 'run.json'), JSON.stringify(about));
  const records = cells.flatMap(([variant, batch, us]) =>
    us.map((one, i) => testRecord({ variant, batch, repeat: i + 1 }, one, { spec_hash: specHash })),
  );
  writeFileSync(join(path, 'records.ndjson'), records.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const counts = { expected: records.length, measured: records.length, invalid: 0, failed: 0, missing: 0 };
  writeFileSync(join(path, 'ledger.json'), JSON.stringify({ schema: 'hps-bench/ledger/1', run_id: run, ...counts }));
  writeFileSync(join(path, 'evidence', 'one.json'), JSON.stringify({ environment: { cpu_model: cpu ?? 'a CPU' } }));
  return path;
}
