/**
 * A pull reader for JSON bytes. It never throws: at the first byte that does not fit it
 * notes `failure` and every further call returns at once.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/** Nesting beyond this is no profile export; it would only exhaust the stack. */
const DEEPEST = 200;

export class JsonScanner {
  failure: { at: number; what: string } | undefined;
  private at = 0;
  private depth = 0;

  constructor(private readonly bytes: Buffer) {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  /** Reads an object; `member` must read or skip the value of every key. */
  object(member: (key: string) => void): void {
    if (!this.open(0x7b, 'an object')) return;
    if (this.close(0x7d)) return;
    for (;;) {
      const key = this.text();
      if (key === undefined) return;
      if (this.next() !== COLON) {
        this.fail('a colon was expected');
        return;
      }
      this.at += 1;
      member(key);
      if (this.more(0x7d)) continue;
      return;
    }
  }

  /** Reads an array; `item` must read or skip every element. */
  array(item: () => void): void {
    if (!this.open(0x5b, 'an array')) return;
    if (this.close(0x5d)) return;
    for (;;) {
      item();
      if (!this.more(0x5d)) return;
    }
  }

  /** Reads a string; anything else is skipped and gives undefined. */
  text(): string | undefined {
    if (this.next() !== QUOTE) {
      this.skip();
      return undefined;
    }
    const start = this.at;
    if (!this.passString()) return undefined;
    const raw = this.bytes.toString('utf8', start, this.at);
    if (!raw.includes('\\')) return raw.slice(1, -1);
    try {
      return String(JSON.parse(raw));
    } catch {
      this.fail('a string is malformed');
      return undefined;
    }
  }

  /** Reads an integer of any size; anything else is skipped and gives undefined. */
  integer(): bigint | undefined {
    const raw = this.literal();
    return raw !== undefined && /^-?\d+$/.test(raw) ? BigInt(raw) : undefined;
  }

  /** Reads a number; anything else is skipped and gives undefined. */
  number(): number | undefined {
    const raw = this.literal();
    const value = raw === undefined ? NaN : Number(raw);
    return Number.isFinite(value) ? value : undefined;
  }

  /** Passes over any value. */
  skip(): void {
    const first = this.next();
    if (first === 0x7b) {
      this.object(() => {
        this.skip();
      });
    } else if (first === 0x5b) {
      this.array(() => {
        this.skip();
      });
    } else if (first === QUOTE) this.passString();
    else this.passLiteral();
  }

  private literal(): string | undefined {
    const first = this.next();
    if (first === 0x7b || first === 0x5b || first === QUOTE) {
      this.skip();
      return undefined;
    }
    const start = this.at;
    return this.passLiteral() ? this.bytes.toString('latin1', start, this.at) : undefined;
  }

  private next(): number | undefined {
    if (this.failure) return undefined;
    let byte = this.bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.bytes[++this.at];
    return byte;
  }

  private open(bracket: number, what: string): boolean {
    if (this.next() !== bracket) {
      this.fail(`${what} was expected`);
      return false;
    }
    if (++this.depth > DEEPEST) {
      this.fail(`nested more than ${DEEPEST} deep`);
      return false;
    }
    this.at += 1;
    return true;
  }

  private close(bracket: number): boolean {
    if (this.next() !== bracket) return false;
    this.at += 1;
    this.depth -= 1;
    return true;
  }

  private more(bracket: number): boolean {
    if (this.failure) return false;
    if (this.next() === COMMA) {
      this.at += 1;
      return true;
    }
    if (!this.close(bracket)) this.fail('a comma or closing bracket was expected');
    return false;
  }

  private passString(): boolean {
    let at = this.at + 1;
    for (;;) {
      at = this.bytes.indexOf(QUOTE, at);
      if (at < 0) {
        this.at = this.bytes.length;
        this.fail('the text ends inside a string');
        return false;
      }
      let slashes = 0;
      while (this.bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
      at += 1;
      if (slashes % 2 === 0) break;
    }
    this.at = at;
    return true;
  }

  private passLiteral(): boolean {
    const start = this.at;
    let byte = this.bytes[this.at];
    while (byte !== undefined && byte > 0x20 && byte !== COMMA && byte !== 0x5d && byte !== 0x7d && byte !== QUOTE) {
      byte = this.bytes[++this.at];
    }
    // A number at the very end of the bytes may be cut.
    if (this.at === start || byte === undefined) {
      this.fail(byte === undefined ? 'the text ends inside a value' : 'a value was expected');
      return false;
    }
    return true;
  }

  private fail(what: string): void {
    this.failure ??= { at: this.at, what };
  }
}
