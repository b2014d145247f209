/** Version of the files that jobs/measure.py writes. */
export const EVIDENCE_SCHEMA = 'hps-bench/evidence/1';

/** Version of a line of records.ndjson. A reader refuses any other. */
export const RECORD_SCHEMA = 'hps-bench/record/1';
