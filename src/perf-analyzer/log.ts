/**
 * Reads a log of any size as documents: one for the whole text, or, in a log of the kit's
 * own frames, one for every frame. Memory stays flat: a frame is read and let go; a text
 * without frames is read line by line and only its levels are kept.
 */
import { looksLikeCsv } from './csv.js';
import { decode } from './decode.js';
import { FrameSplitter } from './frame-splitter.js';
import type { Frame } from './frames.js';
import { readPerfAnalyzer } from './read.js';
import type { Reading } from './reading.js';
import { StdoutReader } from './stdout.js';

export interface LogDocument {
  /** Missing for a text without frames. */
  frame?: Frame;
  reading: Reading;
}

/** Texts up to this size are read as a whole: all forms, all encodings. */
const WHOLE = 64 * 1024 * 1024;

/** Lines of bytes that arrive in chunks, for texts too long to be read as a whole. */
class LongText {
  private readonly reader = new StdoutReader();
  private rest = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    const last = bytes.lastIndexOf(0x0a);
    if (last >= 0) {
      for (const line of bytes.toString('utf8', 0, last).split('\n')) this.reader.push(line, true);
    }
    this.rest = Buffer.from(bytes.subarray(last + 1));
  }

  finish(): Reading {
    if (this.rest.length > 0) this.reader.push(this.rest.toString('utf8'), false);
    return this.reader.finish();
  }
}

/** CSV files and profile exports, which have to be read as a whole, and UTF-16. */
function needsWhole(head: Buffer): boolean {
  const { text } = decode(head.subarray(0, 65_536));
  const wide = head[0] === 0xff || head[0] === 0xfe || head.subarray(0, 64).includes(0);
  return wide || looksLikeCsv(text) || /^\s*\{\s*"(?:experiments|experiment|version|service_kind)"/.test(text);
}

/**
 * Yields what a log holds. A log with frames gives a document per frame, in the order in
 * which they end; everything else gives exactly one document.
 */
export async function* readLog(stream: AsyncIterable<Buffer>): AsyncGenerator<LogDocument> {
  const splitter = new FrameSplitter();
  let kept: Buffer[] = [];
  let size = 0;
  let long: LongText | undefined;
  let framed = false;
  for await (const chunk of stream) {
    for (const frame of splitter.push(chunk)) yield documentOf(frame);
    framed ||= splitter.begun;
    if (framed) {
      kept = [];
      long = undefined;
      continue;
    }
    size += chunk.length;
    if (long) long.push(chunk);
    else kept.push(chunk);
    if (!long && size > WHOLE && !needsWhole(kept[0] ?? chunk)) {
      long = new LongText();
      for (const part of kept) long.push(part);
      kept = [];
    }
  }
  for (const frame of splitter.finish()) {
    framed = true;
    yield documentOf(frame);
  }
  if (!framed) yield { reading: long ? long.finish() : readPerfAnalyzer(Buffer.concat(kept)) };
}

function documentOf(frame: Frame): LogDocument {
  return { frame, reading: readPerfAnalyzer(frame.text) };
}
