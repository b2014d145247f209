/**
 * Cuts frames out of a log that arrives in chunks.
 *
 * The common case, a log without wrappings, is decided by byte search alone: the text of
 * a frame is never looked at line by line. A log with wrappings is read by lines while a
 * frame is open.
 */
import { countLines, endOfLine } from './bytes.js';
import { OpenFrame, closeFrame, lostBegin, readMark } from './frame.js';
import type { Frame } from './frames.js';
import { LinePrefix } from './line-prefix.js';
import { type Peeled, type Wrapping, unwrap, unwrapLike, wrapped } from './wrappings.js';

const MARK = Buffer.from('#hps-bench:');
const LF = 0x0a;

/** So many pods at once are read the quick way. */
const MOST_PREFIXES = 8;

export class FrameSplitter {
  /** Bytes of a line that has not ended yet. */
  private rest: Buffer[] = [];
  private line = 1;
  private crlf = false;
  /** True once a frame's first or last line has been seen. */
  begun = false;
  private frames: Frame[] = [];
  /** Open frames by stream and channel; a log without wrappings has one at most. */
  private readonly open = new Map<string, OpenFrame>();
  /** How the lines of this log are wrapped, once a frame has shown it. */
  private shape: Wrapping[] = [];
  /** How the lines of the open frames begin; the last one met comes first. */
  private readonly prefixes: LinePrefix[] = [];
  /** Lines whose end comes in another record, by stream and channel. */
  private readonly partial = new Map<string, string>();

  /** Takes the next bytes of the log; returns the frames that end in them. */
  push(chunk: Buffer): Frame[] {
    const last = chunk.lastIndexOf(LF);
    if (last < 0) {
      this.rest.push(Buffer.from(chunk));
      return [];
    }
    let start = 0;
    if (this.rest.length > 0) {
      // The line that the chunk before has begun; the rest of the chunk needs no copy.
      start = chunk.indexOf(LF) + 1;
      this.read(Buffer.concat([...this.rest, chunk.subarray(0, start)]));
    }
    this.read(chunk.subarray(start, last + 1));
    // A copy, because whoever gave the chunk may use its memory again.
    this.rest = last + 1 < chunk.length ? [Buffer.from(chunk.subarray(last + 1))] : [];
    return this.take();
  }

  /** Ends the log; returns what is left, frames without end included. */
  finish(): Frame[] {
    if (this.rest.length > 0) this.read(Buffer.concat(this.rest));
    this.rest = [];
    for (const frame of this.open.values()) this.frames.push(closeFrame(frame, undefined));
    this.open.clear();
    return this.take();
  }

  private take(): Frame[] {
    const frames = this.frames;
    this.frames = [];
    return frames;
  }

  /** Reads whole lines. */
  private read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) at = this.shape.length > 0 ? this.readWrapped(bytes, at) : this.readPlain(bytes, at);
  }

  /** Reads up to and including the next mark at a line's beginning; returns where to go on. */
  private readPlain(bytes: Buffer, start: number): number {
    let mark = bytes.indexOf(MARK, start);
    while (mark >= 0) {
      const lineStart = bytes.lastIndexOf(LF, mark) + 1;
      const lineEnd = endOfLine(bytes, mark);
      if (lineStart === mark) return this.plainMark(bytes, start, mark, lineEnd);
      if (this.learnShape(bytes.toString('utf8', lineStart, lineEnd))) {
        this.addPlain(bytes, start, lineStart);
        return lineStart;
      }
      mark = bytes.indexOf(MARK, lineEnd);
    }
    this.addPlain(bytes, start, bytes.length);
    return bytes.length;
  }

  private plainMark(bytes: Buffer, start: number, mark: number, lineEnd: number): number {
    this.addPlain(bytes, start, mark);
    const text = bytes.toString('utf8', mark, lineEnd);
    this.crlf = text.endsWith('\r');
    this.handle('', '', text.trimEnd(), () => {
      this.addPlain(bytes, mark, lineEnd + 1, false);
    });
    this.line += 1;
    return lineEnd + 1;
  }

  private addPlain(bytes: Buffer, start: number, end: number, count = true): void {
    const to = Math.min(end, bytes.length);
    this.open.get('\n')?.add(bytes, start, to);
    if (count) this.line += countLines(bytes, start, to);
  }

  /** A wrapped line with a mark tells how all lines of the log are wrapped. */
  private learnShape(text: string): boolean {
    const line = wrapped(text.replace(/\r$/, ''));
    const shape = unwrap(line);
    if (shape.length === 0 || !line.text.startsWith('#hps-bench:')) return false;
    this.shape = shape;
    return true;
  }

  /** Reads one wrapped line, or skips to the next one that matters. */
  private readWrapped(bytes: Buffer, start: number): number {
    if (this.open.size === 0 && this.partial.size === 0) {
      const mark = bytes.indexOf(MARK, start);
      const next = mark < 0 ? bytes.length : bytes.lastIndexOf(LF, mark) + 1;
      this.line += countLines(bytes, start, next);
      if (next > start || mark < 0) return next;
    }
    const end = endOfLine(bytes, start);
    if (!this.knownLine(bytes, start, end)) this.wrappedLine(bytes.toString('utf8', start, end));
    this.line += 1;
    return end + 1;
  }

  /** Adds an ordinary line with a prefix that has been met; false for any other line. */
  private knownLine(bytes: Buffer, start: number, end: number): boolean {
    if (end === bytes.length || this.partial.size > 0) return false;
    for (const prefix of this.prefixes) {
      const text = prefix.textAt(bytes, start);
      if (text < 0 || text > end) continue;
      if (bytes[text] === MARK[0] && bytes.indexOf(MARK, text) === text) return false;
      this.open.get(prefix.key)?.add(bytes, text, end + 1);
      return true;
    }
    return false;
  }

  private learnPrefix(raw: string, line: Peeled): void {
    const prefix = LinePrefix.of(raw, line, this.shape);
    if (!prefix || this.prefixes.some((known) => known.equals(prefix))) return;
    this.prefixes.unshift(prefix);
    if (this.prefixes.length > MOST_PREFIXES) this.prefixes.pop();
  }

  private wrappedLine(raw: string): void {
    const text = raw.includes('#hps-bench:') ? raw.replace(/\r$/, '') : raw;
    if (text !== raw) this.crlf = true;
    let line: Peeled = wrapped(text);
    if (!unwrapLike(line, this.shape)) {
      // Another source with other wrappings may have begun a frame.
      line = wrapped(text);
      const shape = unwrap(line);
      if (!line.text.startsWith('#hps-bench:')) return;
      this.shape = shape;
    }
    const key = `${line.stream}\n${line.channel}`;
    const whole = (this.partial.get(key) ?? '') + line.text;
    if (line.partial) {
      this.partial.set(key, whole);
      return;
    }
    const inOneRecord = !this.partial.delete(key);
    const ordinary = (): void => this.open.get(key)?.add(Buffer.from(`${whole}\n`));
    if (whole.startsWith('#hps-bench:')) {
      this.handle(line.stream, line.channel, whole, ordinary);
      return;
    }
    if (inOneRecord && this.open.has(key)) this.learnPrefix(text, line);
    ordinary();
  }

  /** Acts on a mark; `ordinary` is called for a line that only looks like one. */
  private handle(stream: string, channel: string, text: string, ordinary: () => void): void {
    const key = `${stream}\n${channel}`;
    const mark = readMark(text);
    const open = this.open.get(key);
    if (mark === undefined) {
      ordinary();
      return;
    }
    this.begun = true;
    if (open && (mark.kind === 'begin' || open.begin.id !== mark.end.id)) {
      this.open.delete(key);
      this.frames.push(closeFrame(open, undefined));
    }
    if (mark.kind === 'begin') this.open.set(key, new OpenFrame(mark.begin, this.line, stream, this.crlf));
    else this.end(key, mark.end, stream);
  }

  private end(key: string, end: Parameters<typeof lostBegin>[0], stream: string): void {
    const open = this.open.get(key);
    this.open.delete(key);
    this.frames.push(open ? closeFrame(open, end) : lostBegin(end, this.line, stream));
  }
}
