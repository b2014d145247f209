export { evidenceSchema, type Evidence } from './evidence.js';
export { judge } from './judge/index.js';
export { recordSchema, type MeasurementRecord, type RecordEnvironment } from './record.js';
export { parseRecords, readEvidence, readRecords, recordsOf, ResultsError, writeRecords, writeWhole } from './store.js';
export { EVIDENCE_SCHEMA, RECORD_SCHEMA } from './versions.js';
