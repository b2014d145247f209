/** What a run on many GPUs says of each of them. Pure. */
export type { FleetCell } from './cells.js';
export type { Finding, Found } from './confirm.js';
export { fleetReport, type FleetInput, type FleetReport, type FleetVerdict, type NodeHeat } from './report.js';
export { FleetSamples, type FleetValue } from './samples.js';
export type { Deviation, SuspectGpu } from './suspects.js';
