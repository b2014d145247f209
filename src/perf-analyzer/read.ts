/** Recognises which of perf_analyzer's three outputs a text is, and reads it. */
import { looksLikeCsv, readCsv } from './csv.js';
import { decode } from './decode.js';
import { looksLikeProfileExport, readProfileExport } from './profile-export.js';
import { readPlainReport } from './plain-report.js';
import type { Reading } from './reading.js';
import { emptyReading, readStdout } from './stdout.js';

/** How much of the beginning is looked at to tell the forms apart. */
const HEAD = 65_536;

/**
 * Reads what perf_analyzer printed (stdout, or stdout and stderr merged), its CSV or its
 * profile export, of any release, through the wrappings of log collectors.
 *
 * @param text the whole text; bytes may be UTF-8 or UTF-16
 * @returns the reading; text of another program has kind `foreign`. Never throws.
 */
export function readPerfAnalyzer(text: string | Buffer): Reading {
  const plain = readPlainReport(typeof text === 'string' ? Buffer.from(text, 'utf8') : text, readStdout);
  if (plain) return plain;
  const { text: decoded, garbled } =
    typeof text === 'string' ? { text, garbled: text.includes('\ufffd') } : decode(text);
  if (decoded.trim() === '')
    return { ...emptyReading('stdout'), settings: {}, flags: { no_report: true, empty: true } };
  const head = decoded.slice(0, HEAD).replace(/^\ufeff/, '');
  if (/^\s*\{/.test(head) && looksLikeProfileExport(decoded)) {
    const reading = readProfileExport(Buffer.from(decoded, 'utf8'));
    if ((reading.profile_export?.experiments.length ?? 0) > 0 || !reading.warnings.length) return reading;
  }
  if (looksLikeCsv(head)) return readCsv(decoded.replace(/^\ufeff/, ''));
  const reading = readStdout(decoded);
  if (garbled && reading.kind === 'stdout') reading.flags.garbled_error = true;
  return reading;
}
