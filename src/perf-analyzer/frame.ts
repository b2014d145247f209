/** One frame while its text arrives, and the check of its end. */
import { hash } from 'node:crypto';
import type { Frame, FrameBegin, FrameEnd } from './frames.js';

/**
 * More than any report can have (a verbose run of 100 levels has about 0.2 MB): when the
 * end is lost, the rest of a log must not pile up in memory.
 */
const LARGEST = 64 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);
/** Room for a report of one level. */
const SMALLEST = 2_048;

export class OpenFrame {
  private room = NOTHING;
  private length = 0;
  overflown = false;

  constructor(
    readonly begin: FrameBegin,
    readonly line: number,
    readonly stream: string,
    /** The log's lines end in carriage return and line feed; the text's did not. */
    readonly crlf: boolean,
  ) {}

  /** Adds bytes of the text, line feeds included; they are copied. */
  add(bytes: Buffer, start = 0, end = bytes.length): void {
    const length = this.length + end - start;
    this.overflown ||= length > LARGEST;
    if (this.overflown || end <= start) return;
    if (this.length === 0) {
      // Most frames come in one piece.
      this.room = Buffer.from(bytes.subarray(start, end));
    } else {
      if (length > this.room.length) this.grow(length);
      bytes.copy(this.room, this.length, start, end);
    }
    this.length = length;
  }

  private grow(length: number): void {
    const room = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.room.length, SMALLEST));
    this.room.copy(room, 0, 0, this.length);
    this.room = room;
  }

  get bytes(): Buffer {
    return this.room.subarray(0, this.length);
  }
}

/** A frame that has ended, or of which no more will come. */
class ClosedFrame implements Frame {
  declare readonly end?: FrameEnd;

  constructor(
    readonly begin: FrameBegin,
    end: FrameEnd | undefined,
    readonly bytes: Buffer,
    readonly complete: boolean,
    readonly intact: boolean,
    readonly firstLine: number,
    readonly stream: string,
  ) {
    if (end) this.end = end;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }
}

/** Ends a frame; without `end` it is incomplete. */
export function closeFrame(open: OpenFrame, end: FrameEnd | undefined): Frame {
  let bytes = open.crlf ? withoutReturns(open.bytes) : open.bytes;
  if (end?.newline_added === true && bytes.at(-1) === 0x0a) bytes = bytes.subarray(0, -1);
  const complete = end !== undefined && !open.overflown;
  return new ClosedFrame(open.begin, end, bytes, complete, complete && isIntact(bytes, end), open.line, open.stream);
}

function withoutReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** A frame of which the log has the last line only. */
export function lostBegin(end: FrameEnd, line: number, stream: string): Frame {
  return new ClosedFrame({ v: end.v, id: end.id }, end, Buffer.alloc(0), false, false, line, stream);
}

function isIntact(bytes: Buffer, end: FrameEnd): boolean {
  if (typeof end.sha256 !== 'string') return false;
  if (end.bytes !== undefined && end.bytes !== bytes.length) return false;
  return hash('sha256', bytes) === end.sha256.toLowerCase();
}

type Mark = { kind: 'begin'; begin: FrameBegin } | { kind: 'end'; end: FrameEnd };

const BEGIN = '#hps-bench:begin {';
const END = '#hps-bench:end {';

/** Reads a frame's first or last line; undefined for a line that is neither. */
export function readMark(text: string): Mark | undefined {
  const begins = text.startsWith(BEGIN);
  if (!begins && !text.startsWith(END)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.slice((begins ? BEGIN : END).length - 1));
  } catch {
    return undefined;
  }
  const fields = value as Record<string, unknown>;
  if (typeof fields['id'] !== 'string' || typeof fields['v'] !== 'number') return undefined;
  const mark = fields as FrameBegin;
  return begins ? { kind: 'begin', begin: mark } : { kind: 'end', end: mark };
}
