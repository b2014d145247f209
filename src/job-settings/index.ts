export * from './settings.js';
export * from './preflight.js';
