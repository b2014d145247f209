/** What the command line's exit codes mean; 1 is kept for "regressed". */
export const EXIT = { ok: 0, badInput: 2, incomplete: 3, environment: 4 } as const;

/** This machine cannot do it: exit code 4. Says what is wrong and what to do about it. */
export class EnvironmentError extends Error {
  constructor(
    message: string,
    readonly fix?: string,
  ) {
    super(fix === undefined ? message : `${message}\n  ${fix}`);
    this.name = 'EnvironmentError';
  }
}

/** The person (or the system) asked to stop. */
export class InterruptedError extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.name = 'InterruptedError';
  }

  /** 128 plus the signal's number, as shells have it. */
  get exitCode(): number {
    return this.signal === 'SIGTERM' ? 143 : 130;
  }
}
