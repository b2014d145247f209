import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../spec/index.js';
import { cleanEnvironment, type Environment } from './environment.js';
import { EnvironmentError } from './failure.js';
import type { Ended, Processes } from './processes.js';

/** A `#hps-bench:progress` line of a program in jobs/. */
export interface ProgramProgress {
  readonly stage: string;
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

const MARK = '#hps-bench:progress ';

interface AnyProgram {
  /** File in jobs/. */
  readonly file: string;
  readonly settings: Record<string, unknown>;
  /** Folder where settings.json is written for it. */
  readonly folder: string;
}

export interface Program extends AnyProgram {
  readonly onProgress: (progress: ProgramProgress) => void;
}

export interface StartedProgram extends AnyProgram {
  readonly onLine: (line: string) => void;
}

/** Starts a program of jobs/. */
export function startProgram(
  environment: Environment,
  processes: Processes,
  program: StartedProgram,
): ReturnType<Processes['start']> {
  mkdirSync(program.folder, { recursive: true });
  const settings = join(program.folder, `${program.file.replace('.py', '')}.settings.json`);
  writeFileSync(settings, `${JSON.stringify(program.settings, null, 2)}\n`);
  return processes.start({
    command: environment.interpreter,
    args: [join(PACKAGE_ROOT, 'jobs', program.file), '--settings', settings],
    environment: cleanEnvironment({
      PATH: `${environment.bin}:${process.env['PATH'] ?? ''}`,
      ...environment.variables,
    }),
    onLine: program.onLine,
  });
}

/** Runs a program of jobs/ to its end and says how it ended. @throws InterruptedError if an interrupt came meanwhile */
export async function runProgram(environment: Environment, processes: Processes, program: Program): Promise<Ended> {
  const { ended } = startProgram(environment, processes, {
    ...program,
    onLine: (line) => {
      if (line.startsWith(MARK)) program.onProgress(parseProgress(line));
    },
  });
  const result = await ended;
  processes.throwIfInterrupted();
  return result;
}

/** Like runProgram. @throws EnvironmentError with the program's last words if it fails */
export async function mustRun(environment: Environment, processes: Processes, program: Program): Promise<void> {
  const ended = await runProgram(environment, processes, program);
  if (ended.code !== 0) throw new EnvironmentError(failureText(program.file, ended));
}

export function failureText(file: string, ended: Ended): string {
  const how = ended.signal === null ? `code ${String(ended.code)}` : ended.signal;
  const said = ended.tail.filter((line) => !line.startsWith('#hps-bench:')).slice(-4);
  const oom = ended.signal === 'SIGKILL' ? ' (the kernel kills a program when memory runs out)' : '';
  return `${file} ended with ${how}${oom}:\n  ${said.join('\n  ')}`;
}

function parseProgress(line: string): ProgramProgress {
  return JSON.parse(line.slice(MARK.length)) as ProgramProgress;
}

/** Whether a finished artifact lies in the folder: its manifest is written last. */
export function hasManifest(folder: string, name = 'manifest.json'): boolean {
  return existsSync(join(folder, name));
}
