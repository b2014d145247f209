export { chooseRun, lockRun, MOST_ATTEMPTS, openRun, RUN_SCHEMA, type RunFolder } from './run-folder.js';
export { ledgerDocument, type LedgerDocument } from './ledger-document.js';
export { currentLedger, refreshResults } from './refresh.js';
export { reportModel } from './report-model.js';
