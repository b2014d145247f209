/**
 * Reads a text that arrives in chunks. Lines that cannot mean anything are passed over
 * as bytes; runs of the plain form are read at once; only the rest becomes strings.
 *
 * Memory: one chunk, the line that has not ended, and the levels.
 */
import { isUtf8 } from 'node:buffer';
import { countLines } from './bytes.js';
import { ELISIONS, NEEDLES } from './needles.js';
import type { Reading } from './reading.js';
import { Sieve } from './sieve.js';
import { StdoutReader } from './stdout.js';

const LF = 0x0a;
const ESCAPE = 0x1b;

let shared: Sieve | undefined;

/** Where words that are rare come next; every one is searched for once. */
class Occurrences {
  private readonly places: number[];

  constructor(
    private readonly bytes: Buffer,
    private readonly words: readonly (string | number)[],
  ) {
    this.places = words.map(() => -1);
  }

  /** The first place of any of the words from `at` on, or the end of the bytes. */
  from(at: number): number {
    let first = this.bytes.length;
    for (const [index, word] of this.words.entries()) {
      let place = this.places[index] ?? 0;
      if (place < at) {
        place = this.bytes.indexOf(word, at);
        if (place < 0) place = this.bytes.length;
        this.places[index] = place;
      }
      if (place < first) first = place;
    }
    return first;
  }
}

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
    let start = 0;
    if (this.rest.length > 0) {
      start = chunk.indexOf(LF) + 1;
      this.read(Buffer.concat([...this.rest, chunk.subarray(0, start)]));
    }
    this.read(chunk.subarray(start, last + 1));
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
    const escapes = new Occurrences(bytes, [ESCAPE]);
    const elisions = new Occurrences(bytes, ELISIONS);
    let at = 0;
    while (at < bytes.length) {
      if (this.reader.wantsEveryLine) {
        at = this.line(bytes, at);
        continue;
      }
      // The line feed before a line may be a part of a word.
      const word = this.sieve.next(view, Math.max(0, at - 1), bytes.length);
      let hit = Math.min(word < 0 ? bytes.length : word, escapes.from(at));
      if (this.reader.wantsElisions) hit = Math.min(hit, elisions.from(at));
      at = this.lineOf(bytes, at, hit);
    }
  }

  /** Passes over what means nothing, reads the line with the hit; returns where to go on. */
  private lineOf(bytes: Buffer, start: number, hit: number): number {
    if (hit >= bytes.length) {
      this.reader.skip(countLines(bytes, start, bytes.length));
      return bytes.length;
    }
    const from = hit <= start ? start : bytes.lastIndexOf(LF, hit - 1) + 1;
    this.reader.skip(countLines(bytes, start, from));
    return this.reader.pushRun(bytes, from) ?? this.line(bytes, from);
  }

  private line(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    this.reader.push(bytes.toString('utf8', from, end), true);
    return end + 1;
  }
}
