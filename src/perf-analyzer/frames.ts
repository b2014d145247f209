/**
 * The kit's own frames in a pod's log.
 *
 * A frame is the text of one perf_analyzer process between two lines of the job that
 * ran it:
 *
 *     #hps-bench:begin {"v":1,"id":"native_tf-b32-c1-r1", …}
 *     …the text, verbatim…
 *     #hps-bench:end {"v":1,"id":"…","bytes":N,"sha256":"…","newline_added":false,"evidence":{…}}
 *
 * The log is read as a stream: memory holds the open frames and nothing else.
 */
import { FrameSplitter } from './frame-splitter.js';

/** What the job says before it starts the tool. More members may follow. */
export interface FrameBegin {
  v: number;
  id: string;
  [member: string]: unknown;
}

/** What the job says when the tool has ended. */
export interface FrameEnd extends FrameBegin {
  /** Length of the text in bytes, without the line feed that the job may have added. */
  bytes?: number;
  /** SHA-256 of the text in hexadecimal digits. */
  sha256?: string;
  newline_added?: boolean;
  evidence?: Record<string, unknown>;
}

export interface Frame {
  /** Has only `v` and `id`, taken from `end`, when the first line of the frame is lost. */
  begin: FrameBegin;
  /** Missing when the log ends, or another frame begins, before it. */
  end?: FrameEnd;
  /** The bytes of the tool's text as far as the log has them. */
  bytes: Buffer;
  /** The same as a string; it is made when asked for. */
  readonly text: string;
  /** Both lines are there. */
  complete: boolean;
  /** Complete, and the text has the length and the digest that the job noted. */
  intact: boolean;
  /** The line of the log (from 1) in which the frame begins, or ends when that is all there is. */
  firstLine: number;
  /** The pod or rank, where the log's lines name one. */
  stream: string;
}

/**
 * Yields the frames of a log in the order in which they end.
 *
 * Lines may be wrapped (kubectl prefixes, timestamps, CRI, Docker) and several pods may be
 * interleaved. A frame without its end comes last, or when the same stream begins
 * another one. Never throws because of what the log says.
 */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  const splitter = new FrameSplitter();
  for await (const chunk of stream) yield* splitter.push(chunk);
  yield* splitter.finish();
}
