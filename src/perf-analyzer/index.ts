/** perf_analyzer: everything the rest of the kit needs of its texts. */
export * from './reading.js';
export { readPerfAnalyzer } from './read.js';
export { readingToJson, stringifyExact } from './json.js';
