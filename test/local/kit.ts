import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { cacheRoot } from '../../src/local/index.js';
import type { Evidence } from '../../src/records/index.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

/** One start of the command line, as a person would make it, in a results folder of its own. */
export class Kit {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hps-bench-local-'));
  readonly results = join(this.folder, 'results');
  /** Models and requests of its own; the Python environment is shared with every other run of this machine. */
  private readonly cache = join(this.folder, 'cache');

  constructor() {
    mkdirSync(join(cacheRoot(), 'environments'), { recursive: true });
    mkdirSync(this.cache);
    symlinkSync(join(cacheRoot(), 'environments'), join(this.cache, 'environments'));
  }

  /** @returns the running program; `ended` gives its code and everything it printed */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Started {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        join(PACKAGE_ROOT, 'src', 'cli', 'main.ts'),
        ...args,
        '--results',
        relative(PACKAGE_ROOT, this.results),
      ],
      {
        cwd: PACKAGE_ROOT,
        env: { ...process.env, HPS_BENCH_CACHE: this.cache, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const started: Started = { child, output: '', ended: Promise.resolve({ code: null, signal: null, output: '' }) };
    const collect = (data: Buffer): void => {
      started.output += data.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    started.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        resolve({ code, signal, output: started.output });
      });
    });
    return started;
  }

  runFolder(runId: string): string {
    return join(this.results, runId);
  }

  evidence(runId: string): Evidence[] {
    const folder = join(this.runFolder(runId), 'evidence');
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Evidence);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Started {
  readonly child: ChildProcess;
  output: string;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>;
}

/** Waits until `condition` holds. @throws Error after `ms` */
export async function until(what: string, condition: () => boolean, ms = 120_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Processes whose command line holds the text: what a run left behind. */
export function processesWith(text: string): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const command = readFileSync(join('/proc', name, 'cmdline'), 'utf8')
        .replaceAll('\0', ' ')
        .trim();
      return command.includes(text) && Number(name) !== process.pid ? [{ pid: Number(name), command }] : [];
    } catch {
      return [];
    }
  });
}
