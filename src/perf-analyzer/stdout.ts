/** Reads perf_analyzer's report from lines of text, one state machine per stream. */
import { countLines } from './bytes.js';
import { readPlainReport, readPlainRun } from './plain-report.js';
import type { Reading } from './reading.js';
import { Report, type Sink } from './report.js';
import { LogLines } from './unwrap.js';

/** An empty reading of a kind. */
export function emptyReading(kind: Reading['kind']): Reading {
  return { kind, measurements: [], summary: [], flags: {}, errors: [], warnings: [], wording: [] };
}

/**
 * Feed it raw lines, then ask for the reading. Memory grows with the number of levels,
 * not with the length of the text.
 */
export class StdoutReader {
  private readonly sink: Sink = {
    settings: {},
    summary_statistic: undefined,
    measurements: [],
    summary: [],
    flags: {},
    errors: [],
    warnings: [],
    wording: new Set(),
  };
  private readonly reports = new Map<string, Report>();
  private readonly lines = new LogLines((line) => {
    this.reportOf(line.stream).push({ text: line.text.trim(), number: line.number, ended: line.ended });
  });

  /** The next line without its line feed; `ended` is false for a last line that has none. */
  push(raw: string, ended: boolean): void {
    this.lines.push(raw, ended);
  }

  /** Passes over lines that mean nothing, whatever stands before them. */
  skip(lines: number): void {
    this.lines.skip(lines);
  }

  /** True while a line of any kind matters. */
  get wantsEveryLine(): boolean {
    if (this.lines.waiting) return true;
    for (const report of this.reports.values()) if (report.wantsEveryLine) return true;
    return false;
  }

  /** True while lines of dots matter. */
  get wantsElisions(): boolean {
    for (const report of this.reports.values()) if (report.hasBlock) return true;
    return false;
  }

  /**
   * Reads the whole report that begins at a line, if it is of the plain form and nothing
   * before it is open; returns where the bytes go on, or undefined.
   */
  pushRun(bytes: Buffer, start: number): number | undefined {
    const report = this.reports.get('');
    if (this.lines.learned || this.lines.waiting || report?.isOpen) return undefined;
    const run = readPlainRun(bytes, start, readStdout);
    // At the end of the bytes another row may follow.
    if (!run || run.end >= bytes.length) return undefined;
    this.reportOf('').takeRun(run);
    this.lines.skip(countLines(bytes, start, run.end));
    return run.end;
  }

  private reportOf(stream: string): Report {
    let report = this.reports.get(stream);
    if (!report) {
      report = new Report(this.sink, stream === '' ? undefined : stream);
      this.reports.set(stream, report);
    }
    return report;
  }

  /** Ends the text. `foreign` when no line was perf_analyzer's. */
  finish(): Reading {
    this.lines.finish();
    for (const report of this.reports.values()) report.finish();
    const marked = [...this.reports.values()].filter((report) => report.marks > 0);
    if (marked.length === 0) return emptyReading('foreign');
    this.keepStreams(marked.length > 1);
    this.nameCustomRate();
    if (this.sink.measurements.length === 0 && this.sink.summary.length === 0) this.sink.flags.no_report = true;
    return this.reading();
  }

  private reading(): Reading {
    const {
      summary_statistic: statistic,
      wording,
      settings,
      measurements,
      summary,
      flags,
      errors,
      warnings,
    } = this.sink;
    return {
      kind: 'stdout',
      settings,
      ...(statistic === undefined ? {} : { summary_statistic: statistic }),
      measurements,
      summary,
      flags,
      errors,
      warnings,
      wording: [...wording],
    };
  }

  /** `stream` tells several sources apart; with one it says nothing. */
  private keepStreams(several: boolean): void {
    if (several) return;
    for (const m of this.sink.measurements) delete m.stream;
    for (const row of this.sink.summary) delete row.stream;
  }

  /** Custom intervals have no level header; the only row of the table names their rate. */
  private nameCustomRate(): void {
    const [m, second] = this.sink.measurements;
    const [row, other] = this.sink.summary;
    if (!m || second || !row || other || m.flags?.fragment) return;
    if (m.concurrency !== null || m.request_rate !== null) return;
    if (row.request_rate === undefined) {
      // A sweep of concurrencies has headers: this one is lost.
      m.flags = { ...m.flags, fragment: true };
      return;
    }
    if (m.throughput === row.throughput) m.request_rate = row.request_rate;
  }
}

/** Reads a text that is most likely one whole report of the plain form, as the text of one measurement is: several times as fast then. */
export function readReport(text: string): Reading {
  return readPlainReport(Buffer.from(text, 'utf8'), readStdout) ?? readStdout(text);
}

/** Reads a whole text. */
export function readStdout(text: string): Reading {
  const reader = new StdoutReader();
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    reader.push(text.slice(start, end), true);
    start = end + 1;
  }
  if (start < text.length) reader.push(text.slice(start), false);
  return reader.finish();
}
