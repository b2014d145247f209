import type { Evidence } from '../evidence.js';
import type { MeasurementRecord } from '../record.js';
import { RECORD_SCHEMA } from '../versions.js';
import { disagreements } from './agreement.js';
import { environmentOf } from './environment.js';
import { failuresOf } from './failures.js';
import { levelOf, printedFields } from './printed.js';
import { serverFields, serverOf } from './server.js';
import { hpsErrors, parityDoubts, validityDoubts, validityOf } from './validity.js';

/** The record an evidence file stands for: Triton's statistics are the truth, perf_analyzer's text must agree. */
export function judge(evidence: Evidence): MeasurementRecord {
  const failures = failuresOf(evidence);
  const level = levelOf(evidence, failures);
  const server = serverOf(evidence, level, failures);
  const doubts = [...hpsErrors(evidence), ...parityDoubts(evidence), ...validityDoubts(evidence)];
  if (failures.length === 0 && server !== null && level !== null)
    doubts.push(...disagreements(evidence, server, level));
  const status = failures.length > 0 ? 'failed' : doubts.length > 0 ? 'invalid' : 'measured';
  const environment = environmentOf(evidence);
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
    triton_version: environment.triton_version,
    role: evidence.role ?? 'cell',
    cold_us: evidence.cold?.us ?? null,
    cold_initialises: evidence.cold?.initialises ?? null,
    windows: windowsOf(evidence),
    validity: validityOf(evidence),
    enough: evidence.enough ?? null,
    environment,
  };
}

function windowsOf({ windows }: Evidence): MeasurementRecord['windows'] {
  if (windows == null) return null;
  const { n, mean_us, sd_us, drift_p, drift_share } = windows;
  return { n, mean_us, sd_us, drift_p, drift_share };
}
