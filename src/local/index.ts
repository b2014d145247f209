export { cacheRoot } from './cache.js';
export { EnvironmentError, EXIT, InterruptedError } from './failure.js';
export { thisMachine } from './host.js';
export { checkLocalSpec, runLocal, type LocalOutcome } from './run.js';
