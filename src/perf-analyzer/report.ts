/**
 * The state machine for one stream of stdout lines.
 *
 * Lines are matched trimmed: indentation and trailing blanks are lost in half of the
 * copies that people keep. What a line may be depends on the part of the report it
 * stands in, so that "Request count" of the client and of the server are told apart.
 */
import { Block, type GpuKey } from './block.js';
import { clientLine, isClientLabel, isServerLabel, serverLine } from './fields.js';
import { messageOf } from './messages.js';
import { NUMBER, measured } from './numbers.js';
import type { Measurement, Pass, Reading, SummaryRow, Wording } from './reading.js';
import { readSetting } from './settings.js';

/** What several streams of one text write into together, so that the order printed is kept. */
export type Sink = Required<
  Pick<Reading, 'settings' | 'measurements' | 'summary' | 'flags' | 'errors' | 'warnings'>
> & {
  summary_statistic: string | undefined;
  wording: Set<Wording>;
};

const LEVEL_CONCURRENCY = /^Request concurrency: (\d+)$/;
const LEVEL_RATE = new RegExp(`^Request Rate: (${NUMBER}) inference requests per seconds?$`);
const SUMMARY_TITLE = /^Inferences\/Second vs\. Client (?:(Average)|(p[\d.]+)) Batch Latency$/;
const SUMMARY_ROW = new RegExp(
  `^(Concurrency|Request Rate): (${NUMBER}), (?:throughput: )?(${NUMBER}) infer/sec, latency (${NUMBER}) usec$`,
);
const PASS = new RegExp(
  `^Pass \\[\\d+\\] throughput: (${NUMBER}) infer/sec\\. (?:Avg|p[\\d.]+) latency: (${NUMBER}) usec(?: \\(std (${NUMBER}) usec\\))?\\.?$`,
);
const COMPOSING = /^(\S.*), version:(?: (.*))?$/;
const GPU_VALUE = new RegExp(`^(\\S+) : (${NUMBER})(%| watts| bytes)$`);
const GPU_HEADINGS: Record<string, GpuKey> = {
  'Avg GPU Utilization:': 'avg_utilization_pct',
  'Avg GPU Power Usage:': 'avg_power_w',
  'Max GPU Memory Usage:': 'max_memory_bytes',
  'Total GPU Memory:': 'total_memory_bytes',
};
const GPU_UNITS: Record<GpuKey, string> = {
  avg_utilization_pct: '%',
  avg_power_w: ' watts',
  max_memory_bytes: ' bytes',
  total_memory_bytes: ' bytes',
};
const COMMON = {
  'Client:': 1,
  'Server:': 1,
  'Composing models:': 1,
  'Avg GPU Utilization:': 1,
  'Total GPU Memory:': 1,
};
const PARTS = { 'Client:': 'client', 'Server:': 'server', 'Composing models:': 'composing', 'Server Prometheus Metrics:': 'gpu' } as const; // prettier-ignore
const ELISION = /^[[(<]?\s*(?:\.{2,}|…+|snip|\.\.\. ?snip ?\.\.\.)\s*[\])>]?$/;
/** A number with one of perf_analyzer's units. */
const WITH_UNIT = /(?:^|[\s(:])[-+]?\d[\d.]*(?:e[-+]?\d+)? ?(?:usec|infer\/sec|seq\/sec|watts)\b/;
/** A number behind a word that perf_analyzer labels numbers with: only within a block does that mean much. */
const WITH_LABEL = /(?:[Cc]ount|[Ll]atency|[Tt]hroughput|overhead|time|[Rr]ate|[Cc]oncurrency): ?[-+]?\d/;
/** Lines that standard error has begun, or run into: the part that is the report's. */
const HIDDEN = new RegExp(
  '(?:' +
    [
      String.raw`\*\*\* Measurement Settings \*\*\*`,
      String.raw`Request concurrency: \d+`,
      String.raw`Request Rate: \S+ inference requests per seconds?`,
      '(?<=\\s{2})(?:Client|Server|Composing models):',
      String.raw`Inferences/Second vs\. Client \S+ Batch Latency`,
      String.raw`(?:Concurrency|Request Rate): \S+, .*usec`,
      // A line of a block keeps its indentation behind what came before it.
      String.raw`(?<=\s{2})Pass \[\d+\] throughput: .*`,
      String.raw`(?<=\s{2})(?:p\d+ latency|(?:Avg|Average|Total|Request|Inference|Execution|Successful|Delayed|Sequence|Cache|Throughput|Response)\b[\w /]*): .*`,
    ].join('|') +
    ')$',
);

const shorten = (line: string): string => (line.length > 200 ? `${line.slice(0, 200)}…` : line);

/** One line, trimmed, with its place in the text (from 1). */
export interface Line {
  text: string;
  number: number;
  /** False for the last line of a text that does not end in a line feed: it may be cut. */
  ended: boolean;
}

export class Report {
  /** How many lines only perf_analyzer prints. */
  marks = 0;
  private section: 'none' | 'settings' | 'level' | 'summary' = 'none';
  private block: Block | undefined;
  private settingsSeen = false;
  private headerSeen = false;
  private cut = false;
  /** The levels of the run that the next closing table is about. */
  private run: Measurement[] = [];
  /** Levels whose header is all there is. */
  private readonly withoutBlock = new Set<Measurement>();

  constructor(
    private readonly sink: Sink,
    private readonly stream?: string,
  ) {}

  /** Takes the next line. */
  push(line: Line): void {
    const { text } = line;
    if (text === '') return;
    const known = this.structure(line) || this.field(line) || this.message(line);
    if (known) return;
    const hidden = HIDDEN.exec(text);
    if (hidden && hidden.index > 0) {
      this.notUnderstood({ ...line, text: text.slice(0, hidden.index).trim() });
      this.push({ ...line, text: hidden[0] });
    } else {
      this.notUnderstood(line);
    }
  }

  /** The text has ended. */
  finish(): void {
    const block = this.block;
    if (block?.started && !block.elided && (this.cut || !block.whole(this.sink.settings.service_kind))) {
      if (block.part !== 'mixed') block.flag('truncated');
    }
    this.close();
  }

  private warn(line: Line, what: string): void {
    this.sink.warnings.push(`line ${line.number}: ${what}: "${shorten(line.text)}"`);
  }

  private notUnderstood(line: Line): void {
    if (!line.ended) this.cut = true;
    if (ELISION.test(line.text)) {
      this.elide();
      return;
    }
    const { block } = this;
    if (block?.part === 'mixed') return;
    if (WITH_UNIT.test(line.text) || (block?.started && WITH_LABEL.test(line.text))) this.warn(line, 'not understood');
  }

  private elide(): void {
    const block = this.block;
    if (!block || block.failed || block.part === 'mixed' || (block.started && block.whole(undefined))) return;
    block.elided = true;
    block.flag('elided');
  }

  // --- structure -----------------------------------------------------------------

  private structure(line: Line): boolean {
    const known = this.heading(line) || this.level(line) || this.closingTable(line) || this.inBlock(line);
    // "Client:" and "Server:" alone are docker's, too.
    if (known && !Object.hasOwn(COMMON, line.text)) this.marks += 1;
    return known || this.setting(line);
  }

  private heading(line: Line): boolean {
    if (line.text === '*** Measurement Settings ***') {
      this.close();
      this.section = 'settings';
      this.settingsSeen = true;
      this.headerSeen = false;
      this.run = [];
      return true;
    }
    if (/^Successfully read data for \d+ stream/.test(line.text)) return true;
    const part = Object.hasOwn(PARTS, line.text) ? PARTS[line.text as keyof typeof PARTS] : undefined;
    if (!part) return false;
    this.enter(part, line);
    return true;
  }

  private enter(part: 'client' | 'server' | 'composing' | 'gpu', line: Line): void {
    if (part === 'client' && this.block?.started && this.block.whole(this.sink.settings.service_kind)) this.close();
    const block = this.current();
    if (!block.enter(part)) this.spoil(line);
  }

  private level(line: Line): boolean {
    const concurrency = LEVEL_CONCURRENCY.exec(line.text)?.[1];
    const rate = concurrency === undefined ? LEVEL_RATE.exec(line.text)?.[1] : undefined;
    if (concurrency === undefined && rate === undefined) return false;
    const level = {
      concurrency: concurrency === undefined ? null : (measured(concurrency) ?? null),
      request_rate: rate === undefined ? null : (measured(rate) ?? null),
    };
    if (rate !== undefined) this.sink.wording.add(line.text.endsWith('s') ? 'rate per seconds' : 'rate per second');
    if (!this.repeatedHeader(level)) this.open(level, true);
    return true;
  }

  /** Releases with warm-up requests print the header of the level twice. */
  private repeatedHeader(level: Pick<Measurement, 'concurrency' | 'request_rate'>): boolean {
    const block = this.block;
    if (!block?.hasHeader || block.started || block.measurement.passes) return false;
    if (this.settingsSeen && this.sink.settings.warmup_requests === undefined) return false;
    const m = block.measurement;
    return m.concurrency === level.concurrency && m.request_rate === level.request_rate;
  }

  private open(level: Pick<Measurement, 'concurrency' | 'request_rate'>, hasHeader: boolean): Block {
    this.close();
    const measurement: Measurement = { ...level };
    if (this.stream !== undefined) measurement.stream = this.stream;
    this.sink.measurements.push(measurement);
    if (this.section === 'summary') this.run = [];
    this.run.push(measurement);
    this.block = new Block(measurement, hasHeader);
    // Custom intervals have settings and no level header: their block is no fragment.
    if (!hasHeader && !(this.settingsSeen && !this.headerSeen)) this.block.flag('fragment');
    this.section = 'level';
    if (hasHeader) this.headerSeen = true;
    return this.block;
  }

  /** The block that a line without header belongs to. */
  private current(): Block {
    if (this.block && this.section === 'level') return this.block;
    return this.open({ concurrency: null, request_rate: null }, false);
  }

  private close(): void {
    const block = this.block;
    this.block = undefined;
    if (!block) return;
    if (!block.started) {
      block.flag('no_result');
      if (!block.elided) this.withoutBlock.add(block.measurement);
    }
    if (block.started && block.broken && !block.elided) block.flag('truncated');
    const m = block.measurement;
    if (!block.hasHeader && !hasNumbers(m)) {
      // "Client:" or "Server:" of another program.
      this.sink.measurements.splice(this.sink.measurements.indexOf(m), 1);
      return;
    }
    const served = m.successful_request_count ?? m.server_request_count;
    if (served !== undefined && m.request_count !== undefined && served > 1.5 * m.request_count) {
      block.flag('server_counts_exceed_client');
    }
    if (m.flags) {
      // Last, as everywhere else in the JSON.
      const flags = m.flags;
      delete m.flags;
      m.flags = flags;
    }
  }

  private spoil(line: Line): void {
    if (!this.block || this.block.part === 'mixed') return;
    this.block.spoil();
    this.warn(line, 'two reports are mixed here, the numbers of this level are not used');
  }

  private closingTable(line: Line): boolean {
    const title = SUMMARY_TITLE.exec(line.text);
    if (title) {
      this.close();
      this.section = 'summary';
      this.sink.summary_statistic ??= title[1] ? 'avg' : title[2];
      return true;
    }
    const row = SUMMARY_ROW.exec(line.text);
    if (!row) return false;
    if (!line.text.includes(' throughput: ')) this.sink.wording.add('summary without throughput');
    this.close();
    this.section = 'summary';
    const [, what, level = '', throughput = '', latency = ''] = row;
    const entry: SummaryRow = what === 'Concurrency' ? { concurrency: Number(level) } : { request_rate: Number(level) };
    if (this.stream !== undefined) entry.stream = this.stream;
    for (const [key, printed] of [
      ['throughput', throughput],
      ['latency_us', latency],
    ] as const) {
      // prettier-ignore
      const value = measured(printed);
      if (value === undefined) this.warn(line, `${key} is no measurement`);
      else entry[key] = value;
    }
    if (this.isStale(entry)) entry.stale = true;
    this.sink.summary.push(entry);
    return true;
  }

  /** A row for a level without a block repeats another level's numbers. */
  private isStale(row: SummaryRow): boolean {
    const levels = this.run.filter((m) =>
      row.concurrency === undefined ? m.request_rate === row.request_rate : m.concurrency === row.concurrency,
    );
    return levels.length > 0 && levels.every((m) => this.withoutBlock.has(m));
  }

  private inBlock(line: Line): boolean {
    return this.pass(line) || this.gpu(line) || this.composing(line);
  }

  private pass(line: Line): boolean {
    const match = line.text.startsWith('Pass [') ? PASS.exec(line.text) : null;
    if (!match) return false;
    // With a percentile no release prints the dot.
    if (match[3] !== undefined) this.sink.wording.add(line.text.endsWith('.') ? 'pass with dot' : 'pass without dot');
    if (this.block?.started && this.block.part !== 'mixed') {
      if (this.block.whole(this.sink.settings.service_kind)) this.close();
      else this.spoil(line);
    }
    const block = this.current();
    if (block.part === 'mixed') return true;
    const pass: Pass = {};
    const keys = ['throughput', 'latency_us', 'std_us'] as const;
    keys.forEach((key, index) => {
      const printed = match[index + 1];
      if (printed === undefined) return;
      const value = measured(printed);
      if (value === undefined) this.warn(line, `${key} is no measurement`);
      else pass[key] = value;
    });
    (block.measurement.passes ??= []).push(pass);
    return true;
  }

  private gpu(line: Line): boolean {
    const heading = Object.hasOwn(GPU_HEADINGS, line.text) ? GPU_HEADINGS[line.text] : undefined;
    if (!heading) return this.gpuValue(line);
    const block = this.current();
    if (block.part === 'header' && !block.hasHeader) block.enter('gpu');
    if (!block.gpuHeading(heading)) this.spoil(line);
    return true;
  }

  private gpuValue(line: Line): boolean {
    const match = this.block?.part === 'gpu' ? GPU_VALUE.exec(line.text) : null;
    const key = this.block?.gpuList;
    if (!match?.[1] || !match[2] || !key || match[3] !== GPU_UNITS[key]) return false;
    const number = measured(match[2]);
    if (number === undefined) this.warn(line, 'no measurement');
    else if (!this.block?.gpuValue(key, match[1], number)) this.spoil(line);
    return true;
  }

  private composing(line: Line): boolean {
    if (this.block?.part !== 'composing') return false;
    const match = COMPOSING.exec(line.text);
    if (!match?.[1] || (!line.ended && match[2])) return false;
    return this.block.composing(match[1], match[2] ?? '');
  }

  private setting(line: Line): boolean {
    // Behind a level's header such a sentence is not perf_analyzer's.
    if (this.section === 'level' || !readSetting(this.sink.settings, line.text, line.ended)) return false;
    if (line.text.startsWith('Sending a total')) this.sink.wording.add('total of requests');
    else if (line.text.startsWith('Sending ')) this.sink.wording.add('benchmark requests');
    return true;
  }

  // --- numbers ---------------------------------------------------------------------

  private field(line: Line): boolean {
    const colon = line.text.indexOf(': ');
    if (colon < 0) return false;
    const label = line.text.slice(0, colon).trimEnd();
    const ofClient = isClientLabel(label);
    const ofServer = isServerLabel(label);
    if (!ofClient && !ofServer && !this.isRequestCount(label)) return false;
    if (!line.ended && /\d$/.test(line.text)) return false;
    const block = this.place(label, ofServer);
    const serverPart = block.part === 'server' || block.part === 'composing';
    const value = line.text.slice(colon + 2);
    const found = serverPart ? serverLine(label, value) : clientLine(label, value);
    if (!found) return this.misplaced(line, serverPart ? ofClient : ofServer);
    this.keep(line, block, found);
    return true;
  }

  /** Other programs count requests, too: without a block it is ours only where a text begins within one. */
  private isRequestCount(label: string): boolean {
    return label === 'Request count' && (this.section === 'level' || this.marks === 0);
  }

  private keep(line: Line, block: Block, found: NonNullable<ReturnType<typeof clientLine>>): void {
    this.marks += ofUnits(line.text) ? 1 : 0;
    if (line.text.includes('-th percentile')) this.sink.wording.add('th percentile');
    if (line.text.startsWith('Avg HTTP time')) block.measurement.protocol = 'HTTP';
    if (line.text.startsWith('Avg gRPC time')) block.measurement.protocol = 'gRPC';
    const missing = block.add(found);
    if (!missing) {
      this.spoil(line);
      return;
    }
    for (const name of missing) this.warn(line, `${name} is no measurement`);
    for (const name of found.unknown) this.warn(line, `"${name}" is not known`);
  }

  /** The block for a labelled line; a text that begins inside a block opens one. */
  private place(label: string, ofServer: boolean): Block {
    const block = this.current();
    if (block.hasHeader) return block;
    if (block.part === 'header') block.enter(ofServer ? 'server' : 'client');
    else if (label === 'Avg request latency') block.moveRequestCountToServer();
    return block;
  }

  private misplaced(line: Line, foreignPart: boolean): boolean {
    if (!foreignPart) return false;
    this.spoil(line);
    return true;
  }

  private message(line: Line): boolean {
    const message = messageOf(line.text);
    if (!message) return false;
    if (message.own) this.marks += 1;
    if (message.level === 'error') this.sink.errors.push(line.text);
    if (message.level === 'warning') this.sink.warnings.push(line.text);
    if (message.level === 'error' && this.block) this.block.failed = true;
    for (const flag of message.flags) this.sink.flags[flag] = true;
    this.flagLevel(line.text);
    return true;
  }

  private flagLevel(text: string): void {
    const block = this.block;
    if (!block) return;
    if (text.startsWith('Failed to obtain stable measurement')) block.flag('unstable');
    else if (text.startsWith('Measured latency went over')) block.flag('over_latency_limit');
    else if (text.includes('not able to keep up with')) block.flag('cannot_keep_up');
  }
}

function hasNumbers(m: Measurement): boolean {
  return Object.keys(m).some((key) => !['concurrency', 'request_rate', 'stream', 'flags'].includes(key));
}

/** Units that hardly anybody else prints. */
function ofUnits(text: string): boolean {
  return / (?:usec|infer\/sec)\b/.test(text) || /^(?:Inference|Execution|Successful request) count: /.test(text);
}
