/** Runs, one or several a side, or runs and the published page: guarded, judged and rendered. Pure. */
export { cellsIn, type MeasuredCell } from './cells.js';
export { comparePublished, compareRuns, IncomparableError, type Options, type Page } from './compare.js';
export type { ComparedCell, ComparedSlope, ComparedSpeedUp, Comparison, Side, Verdict } from './comparison.js';
export { conditionsOf, gpuProduct, type Conditions } from './conditions.js';
export { GUARDED, type Difference, type Guarded } from './guard.js';
export { COMPARISON_SCHEMA, jsonComparison, jsonRefusal } from './json.js';
export { markdownComparison } from './markdown.js';
export { resultSet, type ResultSet } from './result-set.js';
export { severalRuns } from './several-runs.js';
export { terminalComparison } from './terminal.js';
export { exitCode, headline } from './wording.js';
