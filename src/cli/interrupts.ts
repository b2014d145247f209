/** The first Ctrl-C (or SIGTERM) asks; the second one ends the program at once. */
export class Interrupts {
  private readonly controller = new AbortController();
  private asked: NodeJS.Signals | undefined;
  private readonly listen = (signal: NodeJS.Signals): void => {
    if (this.asked !== undefined) process.exit(codeOf(signal));
    this.asked = signal;
    this.controller.abort();
  };

  constructor() {
    process.on('SIGINT', this.listen).on('SIGTERM', this.listen);
  }

  /** Aborted once one came. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The exit code for the one that came, as shells have it; undefined if none did. */
  get exitCode(): number | undefined {
    return this.asked === undefined ? undefined : codeOf(this.asked);
  }

  /** From now on a signal ends the program as it always does. */
  release(): void {
    process.off('SIGINT', this.listen).off('SIGTERM', this.listen);
  }
}

const codeOf = (signal: NodeJS.Signals): number => (signal === 'SIGTERM' ? 143 : 130);
