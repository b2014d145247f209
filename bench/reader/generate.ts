/**
 * Logs for the benchmark: perf_analyzer's texts in the kit's frames, as pods print them.
 *
 * A pool of different frames is made once and repeated until the log is long enough, so
 * that making a log costs less than reading it.
 */
import { createHash } from 'node:crypto';
import { type Shape, reportText } from '../../test/fixtures/perf-analyzer/reports.js';

/** What a byte of the log is. */
export const KINDS = {
  framed: 'frames of the kit, nothing but reports in them, no wrapping',
  kubectl: 'the same frames as "kubectl logs --prefix --timestamps" gives them',
  pod: 'one pod: reports without frames between lines of a server log, 1 to 9 bytes',
  dense: 'reports without frames, one behind the other',
} as const;
export type Kind = keyof typeof KINDS;

/** Reproducible numbers (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % 90_000;
  };
}

function shapeOf(index: number): Shape {
  const levels = index % 8 === 0 ? [1, 2, 4, 8] : [1 + (index % 4)];
  return {
    levels,
    verbose: index % 3 === 0,
    grpc: index % 2 === 0,
    release: index % 5 === 0 ? '22.11' : '24.10',
    data: true,
    ensemble: index % 16 === 15,
    batchSize: 32 << (index % 6),
    windowMs: 5000,
  };
}

function frame(index: number, text: string): string {
  const id = `native_tf-b${32 << (index % 6)}-c1-r${index}`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  const end = { v: 1, id, bytes: Buffer.byteLength(text), sha256, newline_added: false, evidence: { exit: 0 } };
  return `#hps-bench:begin ${JSON.stringify({ v: 1, id })}\n${text}#hps-bench:end ${JSON.stringify(end)}\n`;
}

function wrap(text: string, next: () => number): string {
  const time = (): string => `2026-01-02T03:04:05.${String(next()).padStart(5, '0')}6789Z`;
  return text.replace(/^.*\n/gm, (line) => `[pod/perf-analyzer-7d9f6c5b8-x2x4q/perf-analyzer] ${time()} ${line}`);
}

/** Lines of a busy inference server beside which the reports stand. */
function serverLog(bytes: number, next: () => number): string {
  const lines: string[] = [];
  let length = 0;
  while (length < bytes) {
    const line = `I1124 06:21:00.${next()} 1 infer_request.cc:${next() % 900}] "[request id: ${next()}] prepared: [0x0x7f8c${next()}] request id: , model: dlrm_${next() % 9}, requested version: -1, actual version: 1, flags: 0x0, correlation id: 0, batch size: ${next() % 4096}, priority: 0, timeout (us): 0"`;
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

/** A piece of a log of some megabytes; a log is this piece over and over. */
export function piece(kind: Kind): Buffer {
  const next = numbers(20_241_124);
  const parts: string[] = [];
  for (let index = 0; index < 600; index += 1) {
    const text = reportText(shapeOf(index), next);
    if (kind === 'framed') parts.push(frame(index, text));
    else if (kind === 'kubectl') parts.push(wrap(frame(index, text), next));
    else if (kind === 'pod') parts.push(text, serverLog(9 * text.length, next));
    else parts.push(text);
  }
  return Buffer.from(parts.join(''), 'latin1');
}
