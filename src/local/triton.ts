import { createWriteStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { serveSettings } from '../job-settings/index.js';
import type { Spec } from '../spec/index.js';
import type { Place } from '../triton/index.js';
import type { Environment } from './environment.js';
import { EnvironmentError } from './failure.js';
import type { Ended, Processes } from './processes.js';
import { freePorts } from './ports.js';
import { startProgram } from './programs.js';

/** Nothing is in flight when it is stopped here. */
const EXIT_TIMEOUT_S = 10;
/** serve.py kills a Triton that takes longer than its exit timeout and 5 s. */
const STOP_GRACE_MS = 20_000;

/** A table of 16.7 GB is read, and copied to a GPU, once for each variant. */
export const readySeconds = (place: Place): number => (place === 'gpu' ? 900 : 180);

export interface TritonOptions {
  readonly environment: Environment;
  readonly processes: Processes;
  readonly spec: Spec;
  readonly place: Place;
  /** The settings every program of the run is given, with `paths.artifacts`. */
  readonly settings: Record<string, unknown>;
  /** Folder of the model program's artifacts. */
  readonly artifacts: string;
  /** The run's folder: settings, model repository and what the server leaves behind go there. */
  readonly folder: string;
  /** Triton's own log. */
  readonly log: string;
}

/** A running Triton on loopback. */
export interface RunningTriton {
  readonly http: string;
  readonly grpc: string;
  readonly version: string | undefined;
  /** Settles when the server ends, for whatever reason. */
  readonly ended: Promise<Ended>;
  stop(): Promise<void>;
}

/** The model repository of a run's folder. */
export function repositoryOf(folder: string): string {
  return join(folder, 'model_repository');
}

/** Starts jobs/serve.py, as on a cluster, on free ports of loopback; the models may still be loading when it returns. */
export async function startTriton(options: TritonOptions): Promise<RunningTriton> {
  const { environment, spec, place, artifacts, folder } = options;
  const [http, grpc, metrics] = (await freePorts(3)) as [number, number, number];
  const repository = repositoryOf(folder);
  const serve = serveSettings(spec, {
    place,
    tritonserver: join(environment.triton, 'bin', 'tritonserver'),
    repository,
    artifacts,
    endpoints: { host: '127.0.0.1', http, grpc, metrics },
    threads: spec.local.threads === 0 ? availableParallelism() : spec.local.threads,
    readySeconds: readySeconds(place),
    exitTimeoutSeconds: EXIT_TIMEOUT_S,
    path: [environment.bin],
    libraryPath: [environment.python.libraryFolder],
    backendDirectory: join(environment.triton, 'backends'),
  });
  const log = createWriteStream(options.log, { flags: 'a' });
  const { child, ended } = startProgram(environment, options.processes, {
    file: 'serve.py',
    settings: {
      ...options.settings,
      ...serve,
      paths: { artifacts, repository, server: folder },
    },
    folder,
    onLine: (line) => log.write(`${line}\n`),
  });
  void ended.finally(() => log.end()).catch(() => undefined);
  return {
    http: `127.0.0.1:${http}`,
    grpc: `127.0.0.1:${grpc}`,
    version: undefined,
    ended,
    stop: () => options.processes.stop(child, ended, STOP_GRACE_MS),
  };
}

/** Waits until every variant is ready. @throws EnvironmentError with Triton's last words if it ends or takes too long */
export async function waitReady(
  processes: Processes,
  triton: RunningTriton,
  variants: readonly string[],
  { log, seconds }: { readonly log: string; readonly seconds: number },
): Promise<void> {
  let gone: Ended | undefined;
  void triton.ended.then((ended) => (gone = ended)).catch(() => undefined);
  const deadline = Date.now() + seconds * 1000;
  for (const variant of variants)
    while (!(await isReady(triton.http, variant))) {
      processes.throwIfInterrupted();
      if (gone !== undefined)
        throw new EnvironmentError(
          `Triton ended before ${variant} was ready:\n  ${lastWords(gone)}`,
          `its whole log: ${log}`,
        );
      if (Date.now() > deadline)
        throw new EnvironmentError(`${variant} is not ready after ${seconds} s`, `Triton's log: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

export function lastWords(ended: Ended): string {
  const errors = ended.tail.filter((line) => /^[EF]\d{4} |error|failed/i.test(line));
  return (errors.length > 0 ? errors : ended.tail).slice(-3).join('\n  ');
}

async function isReady(address: string, model: string): Promise<boolean> {
  try {
    const answer = await fetch(`http://${address}/v2/models/${model}/ready`, { signal: AbortSignal.timeout(5000) });
    return answer.ok;
  } catch {
    return false;
  }
}
