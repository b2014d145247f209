/**
 * A place in the bytes of a text, for the quick way through plain reports.
 *
 * Literals are compared four bytes at a time: comparing strings in JavaScript costs ten
 * times as much per byte.
 */

/** Characters (ASCII, four at least, or a single one) prepared for comparison. */
export interface Literal {
  length: number;
  /** Its bytes by fours; the last four may overlap the ones before. */
  words: Int32Array;
  first: number;
}

/** Prepares a literal. */
export function literal(text: string): Literal {
  const bytes = Buffer.from(text, 'latin1');
  const full = Math.ceil(bytes.length / 4);
  const words = new Int32Array(bytes.length < 4 ? 0 : full);
  for (let index = 0; index < words.length; index += 1) {
    words[index] = bytes.readInt32LE(Math.min(index * 4, bytes.length - 4));
  }
  return { length: bytes.length, words, first: bytes[0] ?? 0 };
}

/** More digits could exceed what a number holds exactly. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, power) => 10 ** power);

/** Every method moves on, or notes that the text is not `plain`. */
export class Cursor {
  at = 0;
  plain = true;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly end = bytes.length,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Takes these characters if they come next. */
  take(characters: Literal): boolean {
    const { length, words } = characters;
    const { at, view } = this;
    if (at + length > this.end) return false;
    if (length < 4) {
      if (this.bytes[at] !== characters.first) return false;
      this.at = at + 1;
      return true;
    }
    const last = words.length - 1;
    for (let index = 0; index < last; index += 1) {
      if (view.getInt32(at + index * 4, true) !== words[index]) return false;
    }
    if (view.getInt32(at + length - 4, true) !== words[last]) return false;
    this.at = at + length;
    return true;
  }

  /** These characters must come next. */
  must(characters: Literal): void {
    if (!this.take(characters)) this.plain = false;
  }

  /** A whole number, then these characters. */
  int(after?: Literal): number {
    const value = this.digits();
    if (after) this.must(after);
    return value;
  }

  /** A number with or without decimals, then these characters: the nearest double, as `Number` gives it. */
  decimal(after: Literal): number {
    const start = this.at;
    let value = this.digits();
    if (this.bytes[this.at] === 0x2e && this.at < this.end) {
      this.at += 1;
      const point = this.at;
      const fraction = this.digits();
      const power = POWERS[this.at - point] ?? 1;
      // One division of exact numbers: the result is rounded once, and so is right.
      if (this.at - start > MOST_DIGITS) this.plain = false;
      value = (value * power + fraction) / power;
    }
    this.must(after);
    return value;
  }

  /** Characters up to a comma, blank or line feed, then these; they may be none. */
  word(after: Literal): string {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte <= 0x20 || byte >= 0x7f || byte === 0x2c) break;
      at += 1;
    }
    this.at = at;
    const text = String.fromCharCode(...bytes.subarray(start, at));
    this.must(after);
    return text;
  }

  /** A line indented by two blanks: a member of an ensemble. */
  atMember(): boolean {
    const { at, bytes } = this;
    if (bytes[at] !== 0x20 || bytes[at + 1] !== 0x20 || (bytes[at + 2] ?? 0) <= 0x20) return false;
    this.at = at + 2;
    return true;
  }

  private digits(): number {
    const { bytes, end } = this;
    const start = this.at;
    let value = 0;
    let at = start;
    while (at < end) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at += 1;
    }
    this.at = at;
    if (at === start || at - start > MOST_DIGITS) this.plain = false;
    return value;
  }
}
