/**
 * The state machine for one stream of stdout lines.
 *
 * Lines are matched trimmed: indentation and trailing blanks are lost in half of the
 * copies that people keep. What a line may be depends on the part of the report it
 * stands in, so that "Request count" of the client and of the server are told apart.
 */
import { Block, type BlockPart, spoil } from './block.js';
import { clientLine, isClientLabel, isServerLabel, serverLine } from './fields.js';
import { beginsAnother, hasNumbers, ofUnits, readLevel, servesOthers } from './level.js';
import { messageOf } from './messages.js';
import { measured } from './numbers.js';
import {
  COMMON,
  COMPOSING,
  ELISION,
  GPU_HEADINGS,
  GPU_UNITS,
  GPU_VALUE,
  HIDDEN,
  PARTS,
  PASS,
  PASS_FAILED,
  SUMMARY_ROW,
  SUMMARY_TITLE,
  WITH_LABEL,
  WITH_UNIT,
} from './patterns.js';
import type { Measurement, Pass, Reading, SummaryRow, Wording } from './reading.js';
import type { PlainRun } from './plain-report.js';
import { withoutMarkup } from './markup.js';
import { Run } from './run.js';
import { readSetting } from './settings.js';

/** What several streams of one text write into together, so that the order printed is kept. */
export type Sink = Required<
  Pick<Reading, 'settings' | 'measurements' | 'summary' | 'flags' | 'errors' | 'warnings'>
> & {
  summary_statistic: string | undefined;
  wording: Set<Wording>;
};

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
  /** The levels that the next closing table is about. */
  private readonly run = new Run();
  /** The run has had its closing table, or an error that explains why it has none. */
  private ended = true;

  constructor(
    private readonly sink: Sink,
    private readonly stream?: string,
  ) {}

  /** Takes the next line. */
  push(line: Line): void {
    const { text } = line;
    if (text === '') return;
    if (this.structure(line) || this.field(line)) return;
    const bare = withoutMarkup(text);
    if (bare !== text) {
      this.push({ ...line, text: bare });
      return;
    }
    if (this.message(line)) return;
    const hidden = HIDDEN.exec(text);
    if (hidden && hidden.index > 0) {
      this.notUnderstood({ ...line, text: text.slice(0, hidden.index).trim() });
      this.push({ ...line, text: hidden[0] });
    } else {
      this.notUnderstood(line);
    }
  }

  /** True while lines of any form may belong to the report: GPU values have no words of their own. */
  get wantsEveryLine(): boolean {
    return this.block?.part === 'gpu';
  }

  get hasBlock(): boolean {
    return this.block !== undefined;
  }

  /** True while a report that has begun has not ended. */
  get isOpen(): boolean {
    return !this.ended || this.block !== undefined;
  }

  /** Takes a whole report that was read at once; it must not be open. */
  takeRun(run: PlainRun): void {
    this.marks += 1;
    this.section = 'summary';
    this.settingsSeen = true;
    this.headerSeen = true;
    this.run.restart(run.measurements);
    this.run.statistic = 'avg';
    this.ended = true;
    const { sink } = this;
    sink.settings = { ...run.settings, ...sink.settings };
    sink.summary_statistic ??= 'avg';
    sink.measurements.push(...run.measurements);
    sink.summary.push(...run.summary);
    if (run.verbose) sink.wording.add('pass with dot');
  }

  /** The text has ended. */
  finish(): void {
    const block = this.block;
    if (this.cut || !block?.whole(this.sink.settings.service_kind)) this.cutOff();
    this.close();
  }

  /** The report ends here, inside the block if there is one. */
  private cutOff(): void {
    const block = this.block;
    if (block?.started && !block.elided && block.part !== 'mixed') block.flag('truncated');
  }

  private warn(line: Line, what: string): void {
    this.sink.warnings.push(`line ${line.number}: ${what}: "${shorten(line.text)}"`);
  }

  private notUnderstood(line: Line): void {
    if (!line.ended) this.cut = !beginsAnother(line.text);
    if (ELISION.test(line.text)) {
      this.elide();
      return;
    }
    const { block } = this;
    if (block?.part === 'mixed') return;
    const labelled = block?.started ? WITH_LABEL : /^Request count: \d/;
    if (WITH_UNIT.test(line.text) || (this.marks > 0 && labelled.test(line.text))) this.warn(line, 'not understood');
  }

  private elide(): void {
    const block = this.block;
    if (!block || block.explained || block.part === 'mixed' || (block.started && block.whole(undefined))) return;
    block.elided = true;
    block.flag('elided');
  }

  // --- structure -----------------------------------------------------------------

  private structure(line: Line): boolean {
    const known = this.heading(line) || this.level(line) || this.closingTable(line) || this.inBlock(line);
    // "Client:" and "Server:" alone are docker's, too.
    if (known && !COMMON.has(line.text)) this.marks += 1;
    return known || this.setting(line);
  }

  private heading(line: Line): boolean {
    if (line.text === '*** Measurement Settings ***') {
      this.begin();
      return true;
    }
    if (line.text.startsWith('Successfully read data for ')) return true;
    if (!line.text.endsWith(':')) return false;
    const part = PARTS.get(line.text);
    if (!part) return false;
    this.enter(part, line);
    return true;
  }

  private begin(): void {
    if (!this.block?.whole(this.sink.settings.service_kind)) this.cutOff();
    this.close();
    this.run.begin(this.ended);
    this.ended = false;
    this.section = 'settings';
    this.settingsSeen = true;
    this.headerSeen = false;
  }

  private enter(part: BlockPart, line: Line): void {
    if (part === 'client' && this.block?.started && this.block.whole(this.sink.settings.service_kind)) this.close();
    const block = this.current();
    if (!block.enter(part)) this.spoil(line);
  }

  private level(line: Line): boolean {
    const level = line.text.startsWith('Request ') ? readLevel(line.text) : undefined;
    // The number of a last line without line feed may go on.
    if (!level || (!line.ended && /\d$/.test(line.text))) return false;
    if (level.request_rate !== null) {
      this.sink.wording.add(line.text.endsWith('s') ? 'rate per seconds' : 'rate per second');
    }
    if (this.repeatedHeader(level)) return true;
    const { block } = this;
    if (block && !block.explained && !block.whole(this.sink.settings.service_kind))
      this.run.suspect ??= this.run.levels.length - 1;
    this.open(level, true);
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
    this.run.add(measurement, this.section === 'summary');
    this.block = new Block(measurement, hasHeader);
    // Custom intervals have settings and no level header: their block is no fragment.
    if (!hasHeader && !(this.settingsSeen && !this.headerSeen)) this.block.flag('fragment');
    if (!hasHeader && this.run.suspect !== undefined) this.run.taint();
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
    const m = block.measurement;
    if (!block.hasHeader && !hasNumbers(m)) {
      // "Client:" or "Server:" of another program.
      this.sink.measurements.splice(this.sink.measurements.indexOf(m), 1);
      return;
    }
    if (!block.started) {
      block.flag('no_result');
      if (!block.elided) this.run.hasNone(m);
    } else if (block.broken && !block.elided) block.flag('truncated');
    if (this.run.tainted) spoil(m);
    if (servesOthers(m)) block.flag('server_counts_exceed_client');
    if (m.flags) {
      // Last, as everywhere else in the JSON.
      const flags = m.flags;
      delete m.flags;
      m.flags = flags;
    }
  }

  /** A line came that cannot come here. */
  private spoil(line: Line): void {
    if (!this.block || this.block.part === 'mixed') return;
    this.block.spoil();
    if (this.run.suspect !== undefined) this.run.taint();
    this.warn(line, 'two reports are mixed here, the numbers of this level are not used');
  }

  private closingTable(line: Line): boolean {
    const first = line.text.charCodeAt(0);
    if (first === 0x49) return this.tableTitle(line.text); // I
    const row = first === 0x43 || first === 0x52 ? SUMMARY_ROW.exec(line.text) : null; // C, R
    if (!row) return false;
    if (!line.text.includes(' throughput: ')) this.sink.wording.add('summary without throughput');
    this.close();
    this.section = 'summary';
    const [, what, level = '', throughput = '', latency = ''] = row;
    const entry: SummaryRow = what === 'Concurrency' ? { concurrency: Number(level) } : { request_rate: Number(level) };
    if (this.stream !== undefined) entry.stream = this.stream;
    this.number(entry, 'throughput', throughput, line);
    this.number(entry, 'latency_us', latency, line);
    if (this.run.isStale(entry)) entry.stale = true;
    else this.compare(entry, line);
    this.sink.summary.push(entry);
    return true;
  }

  private tableTitle(text: string): boolean {
    const title = SUMMARY_TITLE.exec(text);
    if (!title) return false;
    this.close();
    this.ended = true;
    // Another table without levels before it is about another run.
    if (this.section === 'summary') this.run.levels = [];
    this.section = 'summary';
    const statistic = title[1] ? 'avg' : (title[2] ?? `p${title[3] ?? ''}`);
    this.run.statistic = statistic;
    this.sink.summary_statistic ??= statistic;
    return true;
  }

  /** Stores a printed number, or warns that it is none (wrapped around, nan, inf). */
  private number<K extends string>(target: Partial<Record<K, number>>, key: K, printed: string, line: Line): void {
    const value = measured(printed);
    if (value === undefined) this.warn(line, `${key} is no measurement`);
    else target[key] = value;
  }

  private compare(row: SummaryRow, line: Line): void {
    const m = this.run.contradicted(row);
    if (!m) return;
    spoil(m);
    this.warn(line, 'the numbers of the level are others, they are not used');
  }

  private inBlock(line: Line): boolean {
    return this.pass(line) || this.gpu(line) || this.composing(line);
  }

  private pass(line: Line): boolean {
    if (!line.text.startsWith('Pass [')) return false;
    const match = PASS.exec(line.text);
    if (!match) return this.failedPass(line);
    // With a percentile no release prints the dot.
    if (match[3] !== undefined) this.sink.wording.add(match[4] ? 'pass with dot' : 'pass without dot');
    if (this.block?.started && this.block.part !== 'mixed') {
      if (this.block.whole(this.sink.settings.service_kind)) this.close();
      else this.spoil(line);
    }
    const block = this.current();
    if (block.part === 'mixed') return true;
    const pass: Pass = {};
    this.number(pass, 'throughput', match[1] ?? '', line);
    this.number(pass, 'latency_us', match[2] ?? '', line);
    if (match[3] !== undefined) this.number(pass, 'std_us', match[3], line);
    (block.measurement.passes ??= []).push(pass);
    return true;
  }

  private failedPass(line: Line): boolean {
    if (!PASS_FAILED.test(line.text)) return false;
    this.sink.warnings.push(line.text);
    return true;
  }

  private gpu(line: Line): boolean {
    const heading = line.text.endsWith(':') ? GPU_HEADINGS.get(line.text) : undefined;
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
    const match = COMPOSING.exec(withoutMarkup(line.text));
    if (!match?.[1] || (!line.ended && match[2])) return false;
    if (!this.block.composing(match[1], match[2] ?? '')) this.spoil(line);
    return true;
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
    if (block.part === 'header') return this.misplaced(line, true);
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
    // Behind a header only the first line of the client's block may do without "Client:".
    if (block.part === 'header' && (!block.hasHeader || label === 'Request count'))
      block.enter(ofServer ? 'server' : 'client');
    else if (block.hasHeader) return block;
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
    if (message.level === 'error' || message.flags.length > 0) this.ended = true;
    if (this.block) this.block.explained ||= message.level === 'error' || message.flags.length > 0;
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
