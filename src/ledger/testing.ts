import type { MeasurementRecord } from '../records/index.js';
import type { PlannedMeasurement } from '../spec/index.js';

/** A record as the judge makes them, for tests: of this figure in µs, or of none. */
export function recordOf(
  planned: PlannedMeasurement,
  computeInferUs: number | null,
  change: Partial<MeasurementRecord> = {},
): MeasurementRecord {
  return {
    schema: 'hps-bench/record/1',
    run_id: 'r',
    spec_hash: 'h',
    ...planned,
    attempt: 1,
    started_at: '',
    ended_at: '',
    status: 'measured',
    reasons: [],
    server:
      computeInferUs === null
        ? null
        : {
            requests: 100,
            request_us: computeInferUs,
            queue_us: 0,
            compute_input_us: 0,
            compute_infer_us: computeInferUs,
            compute_output_us: 0,
          },
    printed: null,
    first_request_us: null,
    text_sha256: '',
    perf_analyzer_version: null,
    triton_version: null,
    ...change,
  };
}
