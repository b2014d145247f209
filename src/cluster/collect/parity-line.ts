const MARK = Buffer.from('#hps-bench:parity {');
const LF = 0x0a;

/** Finds the first line `#hps-bench:parity {…}` of a log that comes in pieces, without looking at its other lines. */
export class ParityLine {
  private rest: Buffer = Buffer.alloc(0);
  private found = false;

  constructor(private readonly onParity: (document: unknown) => void) {}

  push(chunk: Buffer): void {
    if (this.found) return;
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const at = bytes.indexOf(MARK);
    if (at < 0) {
      this.rest = Buffer.from(bytes.subarray(Math.max(0, bytes.length - MARK.length)));
      return;
    }
    const end = bytes.indexOf(LF, at);
    if (end < 0) {
      this.rest = Buffer.from(bytes.subarray(at));
      return;
    }
    this.found = true;
    try {
      this.onParity(JSON.parse(bytes.toString('utf8', at + MARK.length - 1, end)));
    } catch {
      // A line that was cut; the volume has the file.
    }
  }
}
