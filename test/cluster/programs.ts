import type { ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../../src/local/index.js';
import type { Ended, Processes } from '../../src/local/processes.js';
import type { Access } from './access.js';

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  end: Ended | undefined;
}

const POLL_MS = 100;
const GRACE_MS = 10_000;
/** Variables by which a program would look for the API server elsewhere. */
const FOREIGN = /^(https?|all|no)_proxy$|^KUBE/i;

/** The running programs of one cluster; each writes to `logs/<name>.log` and ends with this process, whatever ends that. */
export class Programs {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly processes: Processes,
    private readonly access: Access,
  ) {
    mkdirSync(join(access.folder, 'logs'));
  }

  /** @param from folder of the program, if not the cluster's */
  start(name: string, args: readonly string[], from = this.access.programs, environment: NodeJS.ProcessEnv = {}): void {
    const log = createWriteStream(this.logFile(name), { flags: 'a' });
    const own = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !FOREIGN.test(variable)));
    const { child, ended } = this.processes.start({
      command: join(from, name),
      args,
      environment: { ...own, ...environment },
      onLine: (line) => log.write(`${line}\n`),
    });
    const running: Running = { child, ended, end: undefined };
    this.running.set(name, running);
    void ended.then((end) => {
      running.end = end;
      log.end();
    });
  }

  logFile(name: string): string {
    return join(this.access.folder, 'logs', `${name}.log`);
  }

  /** @throws EnvironmentError with the program's last lines if it ends meanwhile, or is not ready in time */
  async untilReady(name: string, seconds: number, ready: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await ready())) {
      const end = this.running.get(name)?.end;
      if (end !== undefined)
        throw new EnvironmentError(`${name} ended with ${end.code ?? end.signal ?? '?'}:\n  ${end.tail.join('\n  ')}`);
      if (Date.now() > deadline) throw new EnvironmentError(`${name} is not ready after ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async stop(name: string): Promise<void> {
    const running = this.running.get(name);
    if (running === undefined) return;
    await this.processes.stop(running.child, running.ended, GRACE_MS);
    this.running.delete(name);
  }

  async stopAll(): Promise<void> {
    for (const name of [...this.running.keys()].reverse()) await this.stop(name);
  }
}
