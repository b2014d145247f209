export { chooseRun, lockRun, MOST_ATTEMPTS, openRun, RUN_SCHEMA, type RunFolder } from './run-folder.js';
export { currentLedger, refreshResults } from './refresh.js';
export { reportModel } from './report-model.js';
export { loadResults } from './load.js';
export { publishedPage } from './published-page.js';
