import type { Tally } from '../cluster/collect/index.js';
import { bytesText } from './collect-text.js';
import { seconds } from '../local/progress.js';

const TERMINAL_MS = 200;
const LINES_MS = 5000;

/** How far a collection is: one line drawn again in place on a terminal, a line now and then elsewhere. */
export class CollectProgress {
  private shownAt = Date.now();
  private drawn = false;

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** A line that stays. */
  line(text: string): void {
    this.clear();
    this.out.write(`${text}\n`);
  }

  show(tally: Tally): void {
    const now = Date.now();
    if (now - this.shownAt < (this.out.isTTY ? TERMINAL_MS : LINES_MS)) return;
    this.shownAt = now;
    if (!this.out.isTTY) {
      this.out.write(`${this.text(tally)}\n`);
      return;
    }
    this.out.write(`\r${this.text(tally).slice(0, Math.max(10, this.out.columns - 1))}\u001b[K`);
    this.drawn = true;
  }

  end(tally: Tally): void {
    this.line(this.text(tally, true));
  }

  private text(tally: Tally, over = false): string {
    const { read, pods, bytes, retries, rate, secondsLeft } = tally;
    const left = over || secondsLeft === undefined ? '' : `, about ${seconds(secondsLeft * 1000)} left`;
    const again = retries === 0 ? '' : `, ${retries} asked for again`;
    const pace = read === 0 ? '' : `, ${rate < 10 ? rate.toFixed(1) : rate.toFixed(0)}/s`;
    return `logs: ${read} of ${pods} pods${pace}, ${bytesText(bytes)}${again}${left}`;
  }

  private clear(): void {
    if (this.drawn) this.out.write('\r\u001b[K');
    this.drawn = false;
  }
}
