/** From the pods of a run to a folder as `hps-bench local` makes it: evidence, records, ledger, report. */
export { collectRun, openFolder, type CollectRunOptions, type RunCollected, type UnitProblem } from './collect-run.js';
export type { Collected, CollectOptions, UnitOutcome } from './collector.js';
export { failureOf, type Failure, type FailureKind } from './failures/index.js';
export { findRun, type ClusterRun } from './run-plan.js';
export type { Tally } from './tally.js';
