export { cacheRoot } from './cache.js';
export { EnvironmentError, EXIT, InterruptedError } from './failure.js';
export { thisMachine } from './host.js';
export { checkLocalSpec } from './check-spec.js';
export { runLocal, type LocalOutcome } from './run.js';
