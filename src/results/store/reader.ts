import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, type LineHead } from './line.js';
import { SEGMENT } from './writer.js';

/** A whole line whose body is as it was written. */
export interface StoreLine {
  readonly head: LineHead;
  /** JSON; valid until the next line is asked for. */
  readonly body: Buffer;
}

/** A line that cannot be used: what it stood for is collected again. */
export interface DamagedLine {
  readonly damaged: string;
}

const CHUNK = 1 << 20;
const LF = 0x0a;
const BODY = Buffer.from(',"body":');

/** The segments of a run's evidence folder, oldest first; none where there is no folder. */
export function segmentsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SEGMENT) && !name.startsWith('.'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * Every line of every segment, in memory of one line and a chunk. The end of a segment whose writer was killed in mid-line
 * is passed over; any other line that is not as it was written is given as damaged.
 */
export function* readStore(folder: string): Generator<StoreLine | DamagedLine> {
  for (const segment of segmentsIn(folder)) yield* readSegment(segment);
}

function* readSegment(path: string): Generator<StoreLine | DamagedLine> {
  let number = 0;
  for (const line of linesOf(path)) {
    number += 1;
    const read = parse(line);
    yield read ?? { damaged: `${path}:${number}: is not as it was written` };
  }
}

/** Lines without their line feeds, in one piece of memory that is used again and again. */
function* linesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    let room = Buffer.allocUnsafeSlow(CHUNK);
    let filled = 0;
    for (;;) {
      if (filled === room.length) room = Buffer.concat([room], 2 * room.length);
      const length = readSync(file, room, filled, room.length - filled, null);
      if (length === 0) return;
      const bytes = room.subarray(0, filled + length);
      let start = 0;
      for (let end = bytes.indexOf(LF, filled); end >= 0; end = bytes.indexOf(LF, start)) {
        yield bytes.subarray(start, end);
        start = end + 1;
      }
      bytes.copyWithin(0, start);
      filled = bytes.length - start;
    }
  } finally {
    closeSync(file);
  }
}

function parse(line: Buffer): StoreLine | undefined {
  const at = line.indexOf(BODY);
  if (at < 0 || line.at(-1) !== 0x7d) return undefined;
  try {
    const head = JSON.parse(`${line.toString('utf8', 0, at)}}`) as LineHead;
    const body = line.subarray(at + BODY.length, -1);
    return sha256(body) === head.digest ? { head, body } : undefined;
  } catch {
    return undefined;
  }
}
