export * from './config.js';
export * from './deployments.js';
export * from './launch.js';
export * from './statistics.js';
