/** What the conductor needs of the reader, bundled on its own (reader.mjs): it is as large as the rest of records.mjs. */
export { readFrames } from '../../src/perf-analyzer/frames.js';
export { readReport } from '../../src/perf-analyzer/index.js';
