/**
 * The quick way through a report that has nothing unusual: settings, levels with client
 * and server blocks, closing table, byte for byte as perf_analyzer prints them.
 *
 * It accepts or gives up, never both: whatever is not exactly of this form is left to the
 * state machine, which knows all forms. What it accepts, it reads as the state machine
 * does (plain-report.test.ts holds the two against each other). It exists because nearly
 * all of a kit's log is of this form, and regular expressions per line are far slower.
 */
import { Cursor, type Literal, literal } from './cursor.js';
import type { ComposingModel, Measurement, Pass, Reading, ServerFields, Settings, SummaryRow } from './reading.js';

const L = {
  title: literal('*** Measurement Settings ***\n'),
  data: literal(' Successfully read data for '),
  level: literal('Request concurrency: '),
  lf: literal('\n'),
  pass: literal('  Pass ['),
  passThroughput: literal('] throughput: '),
  passLatency: literal(' infer/sec. Avg latency: '),
  passStd: literal(' usec (std '),
  passEnd: literal(' usec). \n'),
  client: literal('  Client: \n    Request count: '),
  throughput: literal('\n    Throughput: '),
  rate: literal(' infer/sec\n    '),
  overheadPct: literal('Avg client overhead: '),
  percent: literal('%\n    '),
  latency: literal('Avg latency: '),
  deviation: literal(' usec (standard deviation '),
  p50: literal(' usec)\n    p50 latency: '),
  p90: literal(' usec\n    p90 latency: '),
  p95: literal(' usec\n    p95 latency: '),
  p99: literal(' usec\n    p99 latency: '),
  avg: literal(' usec\n    Avg '),
  http: literal('HTTP time: '),
  grpc: literal('gRPC time: '),
  sendRecv: literal(' usec (send/recv '),
  send: literal(' usec (send '),
  wait: literal(' usec + response wait '),
  receive: literal(' usec + receive '),
  marshalBoth: literal(' usec ((un)marshal request/response '),
  marshal: literal(' usec (marshal '),
  unmarshal: literal(' usec + unmarshal '),
  end: literal(' usec)\n'),
  server: literal('  Server: \n'),
  composing: literal('  Composing models: \n'),
  version: literal(', version: '),
  overhead: literal(' usec (overhead '),
  queue: literal(' usec + queue '),
  input: literal(' usec + compute input '),
  infer: literal(' usec + compute infer '),
  output: literal(' usec + compute output '),
  compute: literal(' usec + compute '),
  table: literal('Inferences/Second vs. Client Average Batch Latency\n'),
  row: literal('Concurrency: '),
  rowThroughput: literal(', throughput: '),
  rowLatency: literal(' infer/sec, latency '),
  rowEnd: literal(' usec\n'),
};

function passes(c: Cursor): Pass[] | undefined {
  if (!c.take(L.pass)) return undefined;
  const list: Pass[] = [];
  do {
    c.int(L.passThroughput);
    const throughput = c.decimal(L.passLatency);
    const latency = c.int(L.passStd);
    list.push({ throughput, latency_us: latency, std_us: c.int(L.passEnd) });
  } while (c.plain && c.take(L.pass));
  return list;
}

/** The client's time in its library: one of four lines. */
function library(c: Cursor, m: Measurement): void {
  const http = c.take(L.http);
  if (!http) c.must(L.grpc);
  m.protocol = http ? 'HTTP' : 'gRPC';
  m.client_time_us = c.int();
  if (http && c.take(L.sendRecv)) {
    m.send_recv_us = c.int(L.wait);
    m.response_wait_us = c.int(L.end);
  } else if (http && c.take(L.send)) {
    m.send_us = c.int(L.wait);
    m.response_wait_us = c.int(L.receive);
    m.receive_us = c.int(L.end);
  } else if (!http && c.take(L.marshalBoth)) {
    m.marshal_unmarshal_us = c.int(L.wait);
    m.response_wait_us = c.int(L.end);
  } else {
    c.must(L.marshal);
    m.marshal_us = c.int(L.wait);
    m.response_wait_us = c.int(L.unmarshal);
    m.unmarshal_us = c.int(L.end);
  }
}

function client(c: Cursor, m: Measurement): void {
  c.must(L.client);
  m.request_count = c.int(L.throughput);
  m.throughput = c.decimal(L.rate);
  if (c.take(L.overheadPct)) m.client_overhead_pct = c.decimal(L.percent);
  c.must(L.latency);
  m.avg_us = c.int(L.deviation);
  m.std_us = c.int(L.p50);
  m.p50_us = c.int(L.p90);
  m.p90_us = c.int(L.p95);
  m.p95_us = c.int(L.p99);
  m.p99_us = c.int(L.avg);
  library(c, m);
}

/** The labels of the server's lines behind an indentation. */
function serverLabels(indent: string): Record<'inferences' | 'executions' | 'successes' | 'request', Literal> {
  return {
    inferences: literal(`${indent}Inference count: `),
    executions: literal(`\n${indent}Execution count: `),
    successes: literal(`\n${indent}Successful request count: `),
    request: literal(`\n${indent}Avg request latency: `),
  };
}

const OWN = serverLabels('    ');
const MEMBERS = serverLabels('      ');

/** The server's numbers of one model; true where its compute time is not split: an ensemble. */
function server(c: Cursor, s: ServerFields, labels: typeof OWN): boolean {
  c.must(labels.inferences);
  s.inference_count = c.int(labels.executions);
  s.execution_count = c.int(labels.successes);
  s.successful_request_count = c.int(labels.request);
  s.avg_request_latency_us = c.int(L.overhead);
  s.overhead_us = c.int(L.queue);
  s.queue_us = c.int();
  const split = c.take(L.input);
  if (split) {
    s.compute_input_us = c.int(L.infer);
    s.compute_infer_us = c.int(L.output);
    s.compute_output_us = c.int(L.end);
  } else {
    c.must(L.compute);
    s.compute_us = c.int(L.end);
  }
  c.take(L.lf);
  return !split;
}

function members(c: Cursor): ComposingModel[] {
  c.must(L.composing);
  const models: ComposingModel[] = [];
  while (c.plain && c.atMember()) {
    const name = c.word(L.version);
    const model: ComposingModel = { name, version: c.word(L.lf) };
    if (models.some((other) => other.name === name && other.version === model.version)) c.plain = false;
    // A member that is an ensemble lists its own members.
    if (server(c, model, MEMBERS)) c.plain = false;
    models.push(model);
  }
  if (models.length === 0) c.plain = false;
  return models;
}

function level(c: Cursor): Measurement {
  const m: Measurement = { concurrency: c.int(L.lf), request_rate: null };
  const windows = passes(c);
  if (windows) m.passes = windows;
  client(c, m);
  c.must(L.server);
  if (server(c, m, OWN)) m.composing_models = members(c);
  if ((m.successful_request_count ?? 0) > 1.5 * (m.request_count ?? 0)) m.flags = { server_counts_exceed_client: true };
  return m;
}

function rows(c: Cursor): SummaryRow[] {
  const list: SummaryRow[] = [];
  while (c.plain && c.take(L.row)) {
    const concurrency = c.int(L.rowThroughput);
    const throughput = c.decimal(L.rowLatency);
    list.push({ concurrency, throughput, latency_us: c.int(L.rowEnd) });
  }
  return list;
}

/** Every row is about the level of its place and repeats its numbers exactly. */
function agree(measurements: Measurement[], summary: SummaryRow[]): boolean {
  if (measurements.length !== summary.length) return false;
  return summary.every((row, index) => {
    const m = measurements[index];
    return m?.concurrency === row.concurrency && m?.throughput === row.throughput && m?.avg_us === row.latency_us;
  });
}

const BLANK_LINE = Buffer.from('\n\nRequest concurrency: ');
/** Settings are shorter than this. */
const LONGEST_HEAD = 2_000;

/** Settings that have been read, by their bytes: a log repeats the same few. */
const known: { head: Buffer; settings: Settings }[] = [];
const MOST_KNOWN = 64;

/** The settings between two places; undefined when they hold anything else. */
function settingsOf(bytes: Buffer, start: number, end: number, read: Read): Settings | undefined {
  for (const { head, settings } of known) {
    if (head.length === end - start && bytes.compare(head, 0, head.length, start, end) === 0) return { ...settings };
  }
  const head = Buffer.from(bytes.subarray(start, end));
  const reading = read(head.toString('latin1'));
  const clean = reading.errors.length + reading.warnings.length + reading.measurements.length === 0;
  if (!clean || !reading.settings || reading.wording.length > 0 || !isPlain(head)) return undefined;
  if (known.length >= MOST_KNOWN) known.pop();
  known.unshift({ head, settings: reading.settings });
  return { ...reading.settings };
}

/** Printable ASCII and line feeds: the state machine would not read it otherwise than we do. */
function isPlain(head: Buffer): boolean {
  return head.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f));
}

/** The way for all texts; it reads settings that have not been met yet. */
type Read = (text: string) => Reading;

/** A whole report of the plain form. */
export interface PlainRun {
  settings: Settings;
  measurements: Measurement[];
  summary: SummaryRow[];
  verbose: boolean;
  /** Where the bytes go on. */
  end: number;
}

/** Reads the plain report that begins at `start`, or gives undefined; other bytes may follow. */
export function readPlainRun(bytes: Buffer, start: number, read: Read): PlainRun | undefined {
  const c = new Cursor(bytes);
  c.at = start;
  if (!c.take(L.title) && !c.take(L.data)) return undefined;
  const length = bytes.subarray(start, start + LONGEST_HEAD).indexOf(BLANK_LINE);
  const settings = length < 0 ? undefined : settingsOf(bytes, start, start + length + 1, read);
  if (!settings) return undefined;
  c.at = start + length + 2;
  const measurements: Measurement[] = [];
  while (c.plain && c.take(L.level)) measurements.push(level(c));
  c.must(L.table);
  const summary = c.plain ? rows(c) : [];
  if (!c.plain || summary.length === 0 || !agree(measurements, summary)) return undefined;
  return { settings, measurements, summary, verbose: measurements.some((m) => m.passes), end: c.at };
}

/** Reads a text that is one plain report and nothing else, or gives undefined. */
export function readPlainReport(bytes: Buffer, read: Read): Reading | undefined {
  const run = readPlainRun(bytes, 0, read);
  if (run?.end !== bytes.length) return undefined;
  return {
    kind: 'stdout',
    settings: run.settings,
    summary_statistic: 'avg',
    measurements: run.measurements,
    summary: run.summary,
    flags: {},
    errors: [],
    warnings: [],
    wording: run.verbose ? ['pass with dot'] : [],
  };
}
