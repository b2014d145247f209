export * from './settings.js';
export * from './preflight.js';
export * from './engines.js';
export * from './serve.js';
export * from './cluster.js';
export * from './fleet.js';
