/** perf_analyzer: everything the rest of the kit needs of its texts. */
export * from './reading.js';
export { readPerfAnalyzer } from './read.js';
export { readReport, readStdout } from './stdout.js';
export { readingToJson, stringifyExact } from './json.js';
export { readingToTable } from './table.js';
export { releaseRange, type ReleaseRange } from './release-range.js';
export { readFrames, type Frame, type FrameBegin, type FrameEnd } from './frames.js';
export { readLog, type LogDocument } from './log.js';
