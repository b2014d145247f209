/**
 * The beginning that a collector gives to every line of a pod, as bytes: constant but for
 * one timestamp. With it a line of a frame needs no string and no regular expression.
 */
import { CONSTANT_WRAPPINGS, type Peeled, type Wrapping } from './wrappings.js';

const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/g;
/** Length of a time without its fraction. */
const SECONDS = 19;
const FORM = Buffer.from('0000-00-00T00:00:00');

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether `bytes` have these at a place. */
function has(bytes: Buffer, at: number, part: Buffer): boolean {
  for (let index = 0; index < part.length; index += 1) if (bytes[at + index] !== part[index]) return false;
  return true;
}

export class LinePrefix {
  private constructor(
    /** Stream and channel, as the splitter keeps its frames. */
    readonly key: string,
    private readonly before: Buffer,
    /** Undefined where the prefix has no time. */
    private readonly behind: Buffer | undefined,
  ) {}

  /**
   * Learns the prefix of a line that has been unwrapped; undefined where wrappings do more
   * than to stand before a line.
   */
  static of(raw: string, line: Peeled, shape: readonly Wrapping[]): LinePrefix | undefined {
    if (line.partial || !raw.endsWith(line.text) || !shape.every((one) => CONSTANT_WRAPPINGS.has(one)))
      return undefined;
    const prefix = raw.slice(0, raw.length - line.text.length);
    const times = [...prefix.matchAll(TIME)];
    const time = times[0];
    if (!/^[\t\x20-\x7e]+$/.test(prefix) || times.length > 1 || time?.[0].includes(' ')) return undefined;
    const key = `${line.stream}\n${line.channel}`;
    if (!time) return new LinePrefix(key, Buffer.from(prefix), undefined);
    const before = Buffer.from(prefix.slice(0, time.index));
    return new LinePrefix(key, before, Buffer.from(prefix.slice(time.index + time[0].length)));
  }

  equals(other: LinePrefix): boolean {
    const same = (one: Buffer | undefined, two: Buffer | undefined): boolean =>
      one === two || (one !== undefined && two !== undefined && one.equals(two));
    return this.key === other.key && same(this.before, other.before) && same(this.behind, other.behind);
  }

  /** Where the text of the line begins that begins at `at`; -1 if it has another prefix. */
  textAt(bytes: Buffer, at: number): number {
    if (!has(bytes, at, this.before)) return -1;
    const start = at + this.before.length;
    if (!this.behind) return start;
    for (let index = 0; index < SECONDS; index += 1) {
      const wanted = FORM[index];
      const byte = bytes[start + index];
      if (wanted === 0x30 ? !isDigit(byte) : byte !== wanted) return -1;
    }
    let end = start + SECONDS;
    if (bytes[end] === 0x2e) {
      do end += 1;
      while (isDigit(bytes[end]));
    }
    return has(bytes, end, this.behind) ? end + this.behind.length : -1;
  }
}
