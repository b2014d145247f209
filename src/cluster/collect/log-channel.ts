import { createHash } from 'node:crypto';
import { readFrames } from '../../perf-analyzer/frames.js';
import type { StoreWriter } from '../../results/store/index.js';
import { accept, type From, type Wanted } from './accept.js';
import { ParityLine } from './parity-line.js';
import type { UnitBook } from './unit-book.js';

/** What came of reading a log to its end. */
export interface ReadLog {
  readonly bytes: number;
  readonly sha256: string;
  /** Frames. */
  readonly frames: number;
  /** Frames that cannot be used, each with why: cut off, damaged, of another run. */
  readonly unusable: readonly string[];
}

/** Who is told while a log is read. */
export interface Listener {
  readonly onBytes: (count: number) => void;
  /** What measure.py says of the variants' scores, a line of its own. */
  readonly onParity: (document: unknown) => void;
}

/**
 * Takes the evidence out of a measuring pod's log as it comes; memory holds one frame.
 * @throws what the stream throws where it breaks off; what was whole until then is kept
 */
export async function readLog(
  log: AsyncIterable<Buffer>,
  wanted: Wanted,
  from: From,
  book: UnitBook,
  writer: StoreWriter,
  { onBytes, onParity }: Listener,
): Promise<ReadLog> {
  const hash = createHash('sha256');
  const unusable: string[] = [];
  const parity = new ParityLine(onParity);
  let [bytes, frames] = [0, 0];
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of log) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(chunk.length);
      parity.push(chunk);
      yield chunk;
    }
  }
  for await (const { begin, end, text, intact } of readFrames(counted())) {
    frames += 1;
    const problem =
      end === undefined
        ? 'the log ends, or another frame begins, before its end'
        : intact
          ? accept(Object.assign(end.evidence ?? {}, { text }), wanted, from, end.sha256 ?? '', book, writer)
          : 'its text does not have the length and digest that measure.py noted';
    if (problem !== undefined) unusable.push(`${begin.id}: ${problem}`);
  }
  return { bytes, sha256: hash.digest('hex'), frames, unusable };
}
