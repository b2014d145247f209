import { readPlainReport } from './plain-report.js';
import type { Reading } from './reading.js';
import { readStdout } from './stdout.js';

/**
 * Reads what one perf_analyzer process of this kit printed: stdout and stderr merged, as its evidence holds it. For files from
 * elsewhere (CSV, profile export, other encodings) there is `readPerfAnalyzer`, which needs far more code.
 *
 * @returns the reading; text of another program has kind `foreign`. Never throws.
 */
export function readPrinted(text: string): Reading {
  return readPlainReport(Buffer.from(text, 'utf8'), readStdout) ?? readStdout(text);
}
