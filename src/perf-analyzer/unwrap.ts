/**
 * Turns the lines of a log file into the lines that the program printed: wrappings,
 * ANSI colours, carriage returns and learned prefixes off, partial lines joined.
 */
import { ONLY_BULLET } from './markup.js';
import { type Peeled, unwrap, wrapped } from './wrappings.js';

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

const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;
/** A headline of the report behind something that does not belong to it. */
const LEARN = /^(.*\S.*?)(?:\*\*\* Measurement Settings \*\*\*|Request concurrency: \d+)\s*$/;

export class LogLines {
  private number = 0;
  /** Unfinished lines by stream and channel. */
  private readonly partial = new Map<string, LogLine>();
  /** Prefixes that were seen before a line that only perf_analyzer prints. */
  private readonly prefixes: string[] = [];
  private held: { prefix: string; line: Peeled; ended: boolean; number: number } | undefined;

  /** @param emit gets every line in the order in which it was completed */
  constructor(private readonly emit: (line: LogLine) => void) {}

  /** Lines of the file that nobody needs. */
  skip(lines: number): void {
    this.number += lines;
  }

  /** Prefixes have been met. */
  get learned(): boolean {
    return this.prefixes.length > 0;
  }

  /** A line is kept until the next one has been seen. */
  get waiting(): boolean {
    return this.held !== undefined || this.partial.size > 0;
  }

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
    const line = wrapped(text);
    unwrap(line);
    if (line.text.includes('\u001b')) line.text = line.text.replace(ANSI, '');
    this.unlearn(line);
    if (this.held?.line === line) this.held.ended = ended;
    else this.deliver(line, ended, this.number);
  }

  private deliver(line: Peeled, ended: boolean, number: number): void {
    if (this.prefixes.length > 0) this.cut(line);
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
    const found = match?.[1];
    const prefix = found !== undefined && found.length <= 200 && !ONLY_BULLET.test(found) ? found : undefined;
    const held = this.held;
    this.held = undefined;
    if (held) {
      const believed = prefix !== undefined || line.text.startsWith(held.prefix);
      if (believed) this.prefixes.push(held.prefix);
      this.deliver(held.line, held.ended, held.number);
    }
    if (prefix === undefined || this.prefixes.includes(prefix)) return;
    this.held = { prefix, line, ended: true, number: this.number };
  }

  private cut(line: Peeled): void {
    for (const prefix of this.prefixes) {
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
