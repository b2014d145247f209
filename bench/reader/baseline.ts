/**
 * What a quick script does: the whole file as a string, one regular expression over it.
 *
 * A string of Node holds half a gigabyte at most, so the file is taken in pieces; a match
 * across two pieces is lost, which costs the baseline nothing.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 64 * 1024 * 1024;
const LINES =
  /(?:Request concurrency: (\d+)|(Request count|Throughput|Avg latency|p\d+ latency|Avg request latency): ([\d.]+)|(?:overhead|queue|compute (?:input|infer|output)) (\d+) usec)/g;

/** Runs the expression over a file; returns how many matches it had. */
export function matchFile(path: string): number {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(PIECE);
  let matches = 0;
  try {
    for (;;) {
      const length = readSync(file, buffer, 0, PIECE, null);
      if (length === 0) return matches;
      const text = buffer.toString('latin1', 0, length);
      for (const match of text.matchAll(LINES)) matches += match[0].length > 0 ? 1 : 0;
    }
  } finally {
    closeSync(file);
  }
}
