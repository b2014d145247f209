export { chooseRun, lockRun, MOST_ATTEMPTS, openRun, RUN_SCHEMA, type RunFolder } from './run-folder.js';
export { ledgerDocument, type LedgerDocument } from './ledger-document.js';
export { currentLedger, refreshResults } from './refresh.js';
export { refreshUnits } from './refresh-units.js';
export { reportModel } from './report-model.js';
export { evidenceOf, indexEvidence, type EvidenceIndex } from './run-evidence.js';
export { type OpenEntry, type UnitsLedger } from './run-ledger.js';
export * from './store/index.js';
