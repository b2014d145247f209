/** One frame while its text arrives, and the check of its end. */
import { hash } from 'node:crypto';
import type { Frame, FrameBegin, FrameEnd } from './frames.js';

/**
 * More than any report can have (a verbose run of 100 levels has about 0.2 MB): when the
 * end is lost, the rest of a log must not pile up in memory.
 */
const LARGEST = 64 * 1024 * 1024;

export class OpenFrame {
  private parts: Buffer[] = [];
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
  add(bytes: Buffer): void {
    if (bytes.length === 0 || this.overflown) return;
    this.overflown = this.length + bytes.length > LARGEST;
    if (this.overflown) return;
    this.length += bytes.length;
    this.parts.push(Buffer.from(bytes));
  }

  get bytes(): Buffer {
    return this.parts.length === 1 && this.parts[0] ? this.parts[0] : Buffer.concat(this.parts);
  }
}

/** Ends a frame; without `end` it is incomplete. */
export function closeFrame(open: OpenFrame, end: FrameEnd | undefined): Frame {
  let bytes = open.crlf ? withoutReturns(open.bytes) : open.bytes;
  if (end?.newline_added === true && bytes.at(-1) === 0x0a) bytes = bytes.subarray(0, -1);
  const complete = end !== undefined && !open.overflown;
  return {
    begin: open.begin,
    ...(end ? { end } : {}),
    text: bytes.toString('utf8'),
    complete,
    intact: complete && isIntact(bytes, end),
    firstLine: open.line,
    stream: open.stream,
  };
}

function withoutReturns(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** A frame of which the log has the last line only. */
export function lostBegin(end: FrameEnd, line: number, stream: string): Frame {
  return { begin: { v: end.v, id: end.id }, end, text: '', complete: false, intact: false, firstLine: line, stream };
}

function isIntact(bytes: Buffer, end: FrameEnd): boolean {
  if (typeof end.sha256 !== 'string') return false;
  if (end.bytes !== undefined && end.bytes !== bytes.length) return false;
  return hash('sha256', bytes) === end.sha256.toLowerCase();
}

type Mark = { kind: 'begin'; begin: FrameBegin } | { kind: 'end'; end: FrameEnd };

/** Reads a frame's first or last line; undefined for a line that is neither. */
export function readMark(text: string): Mark | undefined {
  const match = /^#hps-bench:(begin|end) (\{.*\})\s*$/.exec(text);
  if (!match?.[2]) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(match[2]);
  } catch {
    return undefined;
  }
  const fields = value as Record<string, unknown>;
  if (typeof fields['id'] !== 'string' || typeof fields['v'] !== 'number') return undefined;
  const mark = fields as FrameBegin;
  return match[1] === 'begin' ? { kind: 'begin', begin: mark } : { kind: 'end', end: mark };
}
