/**
 * Takes log lines out of what log collectors, terminals and people put around them:
 * kubectl prefixes and timestamps, CRI and Docker log files with partial lines, rank
 * tags of mpirun, docker compose, journald, ANSI colours, carriage returns.
 */

/** A line as the program printed it. */
export interface LogLine {
  /** The pod, rank or prefix that the line came from; empty where there is none. */
  stream: string;
  text: string;
  /** The line of the file (from 1) in which it ended. */
  number: number;
  /** False for a last line without a line feed. */
  ended: boolean;
}

interface Peeled {
  stream: string;
  /** stdout and stderr have their own partial lines. */
  channel: string;
  text: string;
  partial: boolean;
}

const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[-+]\d\d:?\d\d))?`;
const CRI = new RegExp(`^${TIME} (stdout|stderr) ([FP])(?::\\S*)?(?: |$)`);
const TIMESTAMP = new RegExp(`^(?:${TIME}|\\[${TIME}\\])(?:[ \\t]|$)`);
const KUBECTL = /^\[((?:pod|job|deployment|statefulset|daemonset|replicaset)s?\/[^\]\s]+)\](?: |$)/;
const RANK = /^\[(\d+,\d+)\]<(stdout|stderr|stddiag)>: ?/;
const COMPOSE = /^([A-Za-z0-9][\w.-]*) +\| ?/;
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ ([\w./-]+(?:\[\d+\])?): /;
const ACTIONS = /^[^\t]{1,200}\t[^\t]{1,200}\t(?=\d{4}-\d\d-\d\dT)/;
const LEARN = /^(.*\S.*?)(?:\*\*\* Measurement Settings \*\*\*|Request concurrency: \d+)\s*$/;
const JSON_KEYS = ['log', 'message', 'msg', 'textPayload'] as const;

const ENOUGH = 6;

/** Reads a JSON log record; undefined for other JSON. */
function jsonRecord(text: string): { log: string; stream: string; whole: boolean } | undefined {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof record !== 'object' || record === null) return undefined;
  const fields = record as Record<string, unknown>;
  for (const key of JSON_KEYS) {
    const log = fields[key];
    if (typeof log !== 'string') continue;
    const stream = typeof fields['stream'] === 'string' ? fields['stream'] : '';
    // Docker ends a whole line with a line feed; other collectors cut it off.
    const docker = key === 'log' && (typeof fields['time'] === 'string' || stream !== '');
    return { log, stream, whole: !docker || log.endsWith('\n') };
  }
  return undefined;
}

/** One wrapping off, or false. */
function peel(line: Peeled): boolean {
  const { text } = line;
  const first = text.charCodeAt(0);
  if (first === 0x5b) return peelBracket(line);
  if (first >= 0x30 && first <= 0x39) return peelTime(line);
  if (first === 0x7b && text.charCodeAt(1) === 0x22) {
    const record = jsonRecord(text);
    if (!record) return false;
    line.text = record.log.replace(/\r?\n$/, '');
    line.channel = record.stream;
    line.partial = !record.whole;
    return true;
  }
  return peelName(line);
}

function peelBracket(line: Peeled): boolean {
  const pod = KUBECTL.exec(line.text);
  const match = pod ?? RANK.exec(line.text);
  if (match) {
    line.stream = line.stream === '' ? (match[1] ?? '') : `${line.stream} ${match[1] ?? ''}`;
    if (!pod) line.channel = match[2] ?? '';
    line.text = line.text.slice(match[0].length);
    return true;
  }
  return peelTimestamp(line);
}

function peelTime(line: Peeled): boolean {
  const cri = CRI.exec(line.text);
  if (!cri) return peelTimestamp(line);
  line.channel = cri[1] ?? '';
  line.partial = cri[2] === 'P';
  line.text = line.text.slice(cri[0].length);
  return true;
}

function peelTimestamp(line: Peeled): boolean {
  const match = TIMESTAMP.exec(line.text);
  if (!match) return false;
  line.text = line.text.slice(match[0].length);
  return true;
}

function peelName(line: Peeled): boolean {
  const { text } = line;
  const match = (text.includes('| ') || text.endsWith('|') ? COMPOSE.exec(text) : null) ?? JOURNAL.exec(text);
  if (match) {
    line.stream = line.stream === '' ? (match[1] ?? '') : `${line.stream} ${match[1] ?? ''}`;
    line.text = text.slice(match[0].length);
    return true;
  }
  const actions = text.includes('\t') ? ACTIONS.exec(text) : null;
  if (!actions) return false;
  line.text = text.slice(actions[0].length);
  return true;
}

export class LogLines {
  private number = 0;
  /** Unfinished lines by stream and channel. */
  private readonly partial = new Map<string, LogLine>();
  /** Prefixes that were seen before a line that only perf_analyzer prints. */
  private readonly learned: string[] = [];
  private held: { prefix: string; line: Peeled; ended: boolean; number: number } | undefined;

  /** @param emit gets every line in the order in which it was completed */
  constructor(private readonly emit: (line: LogLine) => void) {}

  /** The next line of the file, without its line feed. */
  push(raw: string, ended: boolean): void {
    this.number += 1;
    let text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    if (text.includes('\u001b')) text = text.replace(ANSI, '');
    if (!text.includes('\r')) {
      this.one(text, ended);
      return;
    }
    const parts = text.split('\r');
    parts.forEach((part, index) => {
      this.one(part, ended || index < parts.length - 1);
    });
  }

  /** Hands out lines whose end never came. */
  finish(): void {
    if (this.held) this.deliver(this.held.line, this.held.ended, this.held.number);
    this.held = undefined;
    for (const line of this.partial.values()) this.emit({ ...line, ended: false });
    this.partial.clear();
  }

  private one(text: string, ended: boolean): void {
    const line: Peeled = { stream: '', channel: '', text, partial: false };
    for (let times = 0; times < ENOUGH && peel(line); times += 1);
    if (line.text.includes('\u001b')) line.text = line.text.replace(ANSI, '');
    this.unlearn(line);
    if (this.held?.line === line) this.held.ended = ended;
    else this.deliver(line, ended, this.number);
  }

  private deliver(line: Peeled, ended: boolean, number: number): void {
    if (this.learned.length > 0) this.cut(line);
    this.join(line, ended, number);
  }

  private join(line: Peeled, ended: boolean, number: number): void {
    const key = `${line.stream}\n${line.channel}`;
    const before = this.partial.get(key);
    const text = before ? before.text + line.text : line.text;
    const whole: LogLine = { stream: line.stream, text, number, ended };
    if (line.partial) {
      this.partial.set(key, whole);
      return;
    }
    if (before) this.partial.delete(key);
    if (!text.includes('\n')) {
      this.emit(whole);
      return;
    }
    for (const part of text.split('\n')) this.emit({ ...whole, text: part });
  }

  /**
   * A logger's name or a quotation mark before every line. It is learned where a
   * headline of the report follows it, and believed when the next line has one, too:
   * otherwise it is a half-finished line that the headline ran into.
   */
  private unlearn(line: Peeled): void {
    const match = line.text.includes('Request c') || line.text.includes('***') ? LEARN.exec(line.text) : null;
    const prefix = match?.[1] !== undefined && match[1].length <= 200 ? match[1] : undefined;
    const held = this.held;
    this.held = undefined;
    if (held) {
      const believed = prefix !== undefined || line.text.startsWith(held.prefix);
      if (believed) this.learned.push(held.prefix);
      this.deliver(held.line, held.ended, held.number);
    }
    if (prefix === undefined || this.learned.includes(prefix)) return;
    this.held = { prefix, line, ended: true, number: this.number };
  }

  private cut(line: Peeled): void {
    for (const prefix of this.learned) {
      if (!line.text.startsWith(prefix.trimEnd())) continue;
      line.text = line.text.slice(prefix.length);
      const name = prefix
        .trim()
        .replace(/[\s|:>\]]+$/, '')
        .replace(/^\[/, '');
      line.stream = line.stream === '' ? name : `${line.stream} ${name}`;
      return;
    }
  }
}
