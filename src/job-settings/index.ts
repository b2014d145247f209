export * from './settings.js';
export * from './engines.js';
export * from './serve.js';
export * from './cluster.js';
