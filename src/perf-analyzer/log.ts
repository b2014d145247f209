/**
 * Reads a log of any size as documents: one for the whole text, or, in a log of the kit's
 * own frames, one for every frame. Memory stays flat: a frame is read and let go; a text
 * without frames is read line by line and only its levels are kept.
 */
import { looksLikeCsv } from './csv.js';
import { decode } from './decode.js';
import { FrameSplitter } from './frame-splitter.js';
import type { Frame } from './frames.js';
import { LongText } from './long-text.js';
import { readPerfAnalyzer } from './read.js';
import type { Reading } from './reading.js';

export interface LogDocument {
  /** Missing for a text without frames. */
  frame?: Frame;
  reading: Reading;
}

/** So much of a text decides its form. */
const HEAD = 65_536;

/** CSV files and profile exports, which are read as a whole, UTF-16, and nothing but blanks. */
function needsWhole(head: Buffer): boolean {
  const { text } = decode(head);
  const wide = head[0] === 0xff || head[0] === 0xfe || head.subarray(0, 64).includes(0);
  const json =
    /^\s*\{/.test(text) &&
    (/^\s*\{\s*"(?:experiments?|version|service_kind|endpoint)"/.test(text) || !text.includes('\n'));
  return wide || json || looksLikeCsv(text) || text.trim() === '';
}

/** A text without frames, of any form, while it arrives. */
class Unframed {
  private kept: Buffer[] = [];
  private size = 0;
  private form: 'unknown' | 'whole' | 'long' = 'unknown';
  private readonly long = new LongText();

  push(chunk: Buffer): void {
    if (this.form === 'long') {
      this.long.push(chunk);
      return;
    }
    // A copy, because whoever gave the chunk may use its memory again.
    this.kept.push(Buffer.from(chunk));
    this.size += chunk.length;
    if (this.form === 'unknown' && this.size >= HEAD) this.decide();
  }

  private decide(): void {
    const bytes = Buffer.concat(this.kept);
    this.kept = [bytes];
    this.form = needsWhole(bytes.subarray(0, HEAD)) ? 'whole' : 'long';
    if (this.form === 'whole') return;
    this.long.push(bytes);
    this.kept = [];
  }

  finish(): Reading {
    return this.form === 'long' ? this.long.finish() : readPerfAnalyzer(Buffer.concat(this.kept));
  }
}

/**
 * Yields what a log holds. A log with frames gives a document per frame, in the order in
 * which they end; everything else gives exactly one document.
 */
export async function* readLog(stream: AsyncIterable<Buffer>): AsyncGenerator<LogDocument> {
  const splitter = new FrameSplitter();
  let unframed: Unframed | undefined = new Unframed();
  for await (const chunk of stream) {
    for (const frame of splitter.push(chunk)) yield documentOf(frame);
    if (splitter.begun) unframed = undefined;
    unframed?.push(chunk);
  }
  for (const frame of splitter.finish()) yield documentOf(frame);
  if (!splitter.begun && unframed) yield { reading: unframed.finish() };
}

function documentOf(frame: Frame): LogDocument {
  return { frame, reading: readPerfAnalyzer(frame.bytes) };
}
