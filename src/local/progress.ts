import { Listr, type ListrTask } from 'listr2';

/** Where a stage says what it is doing. */
export interface StageReporter {
  /** What is happening now; may be called often. */
  update(text: string): void;
  /** How the stage ended well, in a few words. */
  result(text: string): void;
}

export interface Stage {
  readonly title: string;
  readonly run: (report: StageReporter) => Promise<void>;
}

export interface Output {
  /** A terminal gets a live display; everything else plain lines. */
  readonly terminal: boolean;
  readonly line: (text: string) => void;
}

/** Lines of one stage's progress are at least this far apart where there is no terminal. */
const PLAIN_INTERVAL_MS = 5000;

/** Runs the stages in order; the first failure ends them and is thrown as it was. */
export async function runStages(stages: readonly Stage[], output: Output): Promise<void> {
  await (output.terminal ? live(stages) : plain(stages, output.line));
}

async function plain(stages: readonly Stage[], line: Output['line']): Promise<void> {
  for (const [index, stage] of stages.entries()) {
    const name = `[${index + 1}/${stages.length}] ${stage.title}`;
    const started = Date.now();
    let last = -Infinity;
    let result = '';
    line(name);
    await stage.run({
      update: (text) => {
        if (Date.now() - last < PLAIN_INTERVAL_MS) return;
        last = Date.now();
        line(`      ${text}`);
      },
      result: (text) => (result = text),
    });
    line(`      ${result === '' ? 'done' : result} (${seconds(Date.now() - started)})`);
  }
}

async function live(stages: readonly Stage[]): Promise<void> {
  const tasks: ListrTask[] = stages.map((stage) => ({
    title: stage.title,
    task: async (_context, task) => {
      const started = Date.now();
      let result = '';
      await stage.run({ update: (text) => (task.output = text), result: (text) => (result = text) });
      task.title = `${stage.title}: ${result === '' ? 'done' : result} (${seconds(Date.now() - started)})`;
    },
  }));
  // Signals are ours: what was measured must be reported before the program ends.
  await new Listr(tasks, { registerSignalListeners: false, rendererOptions: { collapseErrors: false } }).run();
}

/** `42 s` or `3 min 05 s`. */
export function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Time left, from what was done so far; the first guess holds until something was. */
export class Estimate {
  private readonly started = Date.now();
  private first: number | undefined;

  /** @param guessMs of one item, before any is done */
  constructor(private readonly guessMs: number) {}

  /** @param done items done, @param total items in all. Items done before the first call do not count as work. */
  left(done: number, total: number): string {
    this.first ??= done;
    const worked = done - this.first;
    const each = worked > 0 ? (Date.now() - this.started) / worked : this.guessMs;
    return `about ${seconds((total - done) * each)} left`;
  }
}
