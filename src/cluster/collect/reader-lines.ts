import { createHash } from 'node:crypto';

/** A file on the volume, as jobs/reader/read_results.py prints it. */
export interface FileLine {
  readonly name: string;
  /** Index of its folder. */
  readonly folder: number;
  readonly document?: Record<string, unknown>;
  /** Why it has no document. */
  readonly problem?: string;
}

/** The last line. */
export interface EndLine {
  readonly files: number;
  readonly more: boolean;
  readonly last: string;
  readonly digest: string;
}

const FILE = '#hps-bench:file ';
const FILES = '#hps-bench:files ';
const LF = 0x0a;

/**
 * The lines of a reader pod's log.
 * @returns its last line if all lines before it arrived as they were printed; undefined where the log is cut or changed
 */
export async function readFileLines(
  log: AsyncIterable<Buffer>,
  onFile: (line: FileLine) => void,
): Promise<EndLine | undefined> {
  const digest = createHash('sha256');
  let [files, end]: [number, EndLine | undefined] = [0, undefined];
  for await (const line of lines(log)) {
    const text = line.toString('utf8');
    if (text.startsWith(FILES)) end = parse(text.slice(FILES.length)) as EndLine | undefined;
    if (!text.startsWith(FILE)) continue;
    digest.update(line).update('\n');
    files += 1;
    const file = parse(text.slice(FILE.length)) as FileLine | undefined;
    if (file !== undefined) onFile(file);
  }
  return end?.files === files && end.digest === digest.digest('hex') ? end : undefined;
}

async function* lines(log: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of log) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(Buffer.from(chunk.subarray(start)));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
