export { EVIDENCE_SCHEMA, evidenceSchema, type Evidence } from './evidence.js';
export { judge } from './judge.js';
export { RECORD_SCHEMA, recordSchema, type MeasurementRecord } from './record.js';
export { readEvidence, readRecords, recordsOf, ResultsError, writeRecords, writeWhole } from './store.js';
