/**
 * Reads a text that arrives in chunks. Lines that cannot mean anything are passed over
 * as bytes; runs of the plain form are read at once; only the rest becomes strings.
 *
 * Memory: one chunk, the line that has not ended, and the levels.
 */
import { isUtf8 } from 'node:buffer';
import { countLines } from './bytes.js';
import { NEEDLES } from './needles.js';
import type { Reading } from './reading.js';
import { Sieve } from './sieve.js';
import { StdoutReader } from './stdout.js';

const LF = 0x0a;
const ESCAPE = 0x1b;

let shared: Sieve | undefined;

export class LongText {
  private readonly reader = new StdoutReader();
  private readonly sieve = (shared ??= new Sieve(NEEDLES));
  /** The line that has not ended yet. */
  private rest: Buffer[] = [];
  private garbled = false;

  /** Takes the next bytes (UTF-8); they may be used again when this returns. */
  push(chunk: Buffer): void {
    const last = chunk.lastIndexOf(LF);
    if (last < 0) {
      this.rest.push(Buffer.from(chunk));
      return;
    }
    const lines = chunk.subarray(0, last + 1);
    this.read(this.rest.length > 0 ? Buffer.concat([...this.rest, lines]) : lines);
    this.rest = last + 1 < chunk.length ? [Buffer.from(chunk.subarray(last + 1))] : [];
  }

  /** Ends the text. */
  finish(): Reading {
    const rest = Buffer.concat(this.rest);
    if (rest.length > 0) {
      this.garbled ||= !isUtf8(rest);
      this.reader.push(rest.toString('utf8'), false);
    }
    const reading = this.reader.finish();
    if (this.garbled && reading.kind === 'stdout') reading.flags.garbled_error = true;
    return reading;
  }

  /** Reads whole lines. */
  private read(bytes: Buffer): void {
    this.garbled ||= !isUtf8(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let escape = bytes.indexOf(ESCAPE);
    let at = 0;
    while (at < bytes.length) {
      if (escape >= 0 && escape < at) escape = bytes.indexOf(ESCAPE, at);
      at = this.reader.wantsEveryLine ? this.line(bytes, at) : this.nextThatMatters(bytes, view, at, escape);
    }
  }

  /** Passes over what means nothing, reads the line behind it; returns where to go on. */
  private nextThatMatters(bytes: Buffer, view: DataView, start: number, escape: number): number {
    // The line feed before a line is a part of some words.
    const word = this.sieve.next(view, Math.max(0, start - 1), bytes.length);
    const hit = word < 0 || (escape >= 0 && escape < word) ? escape : word;
    if (hit < 0) {
      this.reader.skip(countLines(bytes, start, bytes.length));
      return bytes.length;
    }
    const from = hit <= start ? start : bytes.lastIndexOf(LF, hit - 1) + 1;
    this.reader.skip(countLines(bytes, start, from));
    const behindRun = this.reader.pushRun(bytes, from);
    return behindRun ?? this.line(bytes, from);
  }

  private line(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    this.reader.push(bytes.toString('utf8', from, end), true);
    return end + 1;
  }
}
