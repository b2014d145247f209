export type { EnvironmentVerdict } from './environment.js';
export * from './ledger.js';
