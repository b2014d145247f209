import { duration, viewText, type RunView, type ViewTextOptions } from '../cluster/status/index.js';
import { terminalWidth, useColors } from './terminal.js';

/** Plain lines are at least this far apart, unless a stage or the state changed. */
const LINES_EVERY_MS = 5000;

/** A run as it goes on: one screen drawn again in place on a terminal, lines that say what changed elsewhere. */
export class LiveView {
  private drawn = 0;
  private said = '';
  private step = '';
  private saidAt = -Infinity;
  /** Stages of all runs of which it is said that they are done. */
  private readonly passed = new Set<string>();

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly report: (run: string) => string | undefined,
  ) {}

  show(view: RunView): void {
    if (this.out.isTTY) this.draw(view);
    else this.say(view);
  }

  /** The last view, whole, wherever it is shown. */
  end(view: RunView): void {
    if (this.out.isTTY) this.draw(view);
    else this.out.write(`\n${this.text(view)}`);
    this.leave();
  }

  /** What is written next stands below. */
  leave(): void {
    this.drawn = 0;
  }

  private draw(view: RunView): void {
    // Lines that scrolled out of the terminal cannot be drawn over.
    const lines = this.text(view)
      .trimEnd()
      .split('\n')
      .slice(0, Math.max(1, this.out.rows - 1));
    const up = this.drawn === 0 ? '' : `\u001b[${this.drawn}A`;
    this.out.write(`${up}${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`);
    this.drawn = lines.length;
  }

  private say(view: RunView): void {
    this.sayPassed(view);
    const { state, message, secondsLeft, waiting } = view;
    const now = Date.now();
    const step = [state, ...view.stages.map((stage) => stage.state)].join(' ');
    const why = waiting
      .map(({ what, why: reason }) => `; ${what}: ${reason}`)
      .filter((text) => !message.includes(text.slice(2)));
    const line = `${message}${why.join('')}`;
    if (line === this.said || (step === this.step && now - this.saidAt < LINES_EVERY_MS)) return;
    this.said = line;
    this.step = step;
    this.saidAt = now;
    const left = state === 'running' && secondsLeft !== null ? ` (about ${duration(secondsLeft)} left)` : '';
    this.out.write(`${view.run}: ${line}${left}\n`);
  }

  /** A stage may begin and end between two looks. */
  private sayPassed({ run, message, stages }: RunView): void {
    for (const stage of stages.filter(({ state }) => state === 'done')) {
      const key = `${run} ${stage.stage}`;
      const line = `${stage.stage}: ${stage.message || 'done'}`;
      if (!this.passed.has(key) && line !== message) this.out.write(`${run}: ${line}\n`);
      this.passed.add(key);
    }
  }

  private text(view: RunView): string {
    const options: ViewTextOptions = { width: terminalWidth(), colors: useColors(), report: this.report(view.run) };
    return viewText(view, options);
  }
}
