/** Progress on stderr: one line that is renewed on a terminal, a line a part elsewhere. */
export class Progress {
  private readonly started = Date.now();
  private shown = 0;
  private done = 0;

  constructor(private readonly parts: number) {}

  /** A share of the part in hand is done, 0 to 1. */
  at(title: string, share: number): void {
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.shown < 200) return;
    this.shown = now;
    process.stderr.write(`\r\x1b[K${this.line(title, share)}`);
  }

  finish(title: string): void {
    this.done += 1;
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    else process.stderr.write(`${this.line(title, 0)}\n`);
  }

  private line(title: string, share: number): string {
    const total = (this.done + share) / this.parts;
    const elapsed = (Date.now() - this.started) / 1000;
    const left = total === 0 ? '' : `, about ${Math.ceil((elapsed * (1 - total)) / total)} s left`;
    return `[${this.done}/${this.parts}] ${title}: ${Math.round(100 * total)} %${left}`;
  }
}
