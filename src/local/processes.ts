import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../spec/index.js';
import { InterruptedError } from './failure.js';

/** How a child process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of stdout and stderr together, for a message. */
  readonly tail: readonly string[];
}

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each line of stdout and stderr. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

const TAIL_LINES = 20;

/**
 * The processes this program started, so that none outlives it: an interrupt is passed on to them, and each is started
 * through jobs/tied.py, by which the kernel ends it should this program be killed outright.
 */
export class Processes {
  private readonly running = new Set<ChildProcess>();
  private interrupted: NodeJS.Signals | undefined;

  /** @param python the interpreter for jobs/tied.py; any Python 3 will do. */
  constructor(private readonly python: string) {}

  /** Starts a program in a session of its own: a Ctrl-C at the terminal reaches it only by way of `interrupt`. */
  start(start: Start): { child: ChildProcess; ended: Promise<Ended> } {
    this.throwIfInterrupted();
    const tied = [join(PACKAGE_ROOT, 'jobs', 'tied.py'), String(process.pid), start.command, ...start.args];
    const child = spawn(this.python, tied, {
      env: start.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(start.cwd === undefined ? {} : { cwd: start.cwd }),
    });
    this.running.add(child);
    const tail: string[] = [];
    const lines = (['stdout', 'stderr'] as const).map((stream) => {
      const reader = createInterface({ input: child[stream] as NodeJS.ReadableStream });
      reader.on('line', (line) => {
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        start.onLine?.(line, stream);
      });
      return new Promise<void>((resolve) => reader.once('close', resolve));
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', (error) => {
        this.running.delete(child);
        reject(error);
      });
      // What a program leaves behind, such as Triton's stubs, would keep the pipes open: the whole group ends with it.
      child.once('exit', () => {
        killGroup(child, 'SIGKILL');
      });
      child.once('close', (code, signal) => {
        this.running.delete(child);
        void Promise.all(lines).then(() => {
          resolve({ code, signal, tail });
        });
      });
    });
    return { child, ended };
  }

  /** Starts a program and waits for it. @throws InterruptedError once it has ended, if an interrupt came meanwhile */
  async run(start: Start): Promise<Ended> {
    const result = await this.start(start).ended;
    this.throwIfInterrupted();
    return result;
  }

  /** Passes an interrupt on: a first one asks, a second one kills. */
  interrupt(signal: NodeJS.Signals): void {
    const again = this.interrupted !== undefined;
    this.interrupted ??= signal;
    for (const child of this.running)
      if (again) killGroup(child, 'SIGKILL');
      else child.kill('SIGTERM');
  }

  throwIfInterrupted(): void {
    if (this.interrupted !== undefined) throw new InterruptedError(this.interrupted);
  }

  /** Ends one child: SIGTERM, and SIGKILL after `graceMs`. */
  async stop(child: ChildProcess, ended: Promise<Ended>, graceMs: number): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const killer = setTimeout(() => {
      killGroup(child, 'SIGKILL');
    }, graceMs);
    try {
      await ended;
    } finally {
      clearTimeout(killer);
    }
  }
}

/** Each child leads a group of its own. Nothing happens if the group is gone. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
