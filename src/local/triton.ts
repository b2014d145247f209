import { copyFileSync, createWriteStream, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { DENSE_FEATURES, CRITEO_T15 } from '../dlrm/slots.js';
import { PACKAGE_ROOT } from '../spec/index.js';
import { configPbtxt } from '../triton/config.js';
import { cleanEnvironment, tensorflowVariables, type Environment } from './environment.js';
import { EnvironmentError } from './failure.js';
import type { Ended, Processes } from './processes.js';

/** Triton's `--exit-timeout-secs` is 30 by default; nothing is in flight when it is stopped here. */
const STOP_GRACE_MS = 15_000;
/** Begins the names of the python backend's shared memory; the process id of this program follows. */
const SHARED_MEMORY = 'hps-bench-';

export interface TritonOptions {
  readonly environment: Environment;
  readonly processes: Processes;
  /** Local variants to load. */
  readonly variants: readonly string[];
  /** Folder of the model program's artifacts. */
  readonly artifacts: string;
  /** CPU threads of each variant; 0: all. */
  readonly threads: number;
  /** Emptied and used for the model repository. */
  readonly repository: string;
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

/** Starts Triton with the variants of `options` and returns as soon as it has free ports; the models may still be loading. */
export async function startTriton(options: TritonOptions): Promise<RunningTriton> {
  writeRepository(options);
  removeLeftSharedMemory();
  const [http, grpc, metrics] = await freePorts(3);
  const { triton, bin, python } = options.environment;
  const args = [`--model-repository=${options.repository}`, '--model-control-mode=explicit'];
  for (const variant of options.variants) args.push(`--load-model=${variant}`);
  args.push(`--backend-directory=${join(triton, 'backends')}`);
  args.push(`--backend-config=python,shm-region-prefix-name=${SHARED_MEMORY}${process.pid}-`);
  for (const [name, port] of [
    ['http', http],
    ['grpc', grpc],
    ['metrics', metrics],
  ] as const)
    args.push(`--${name}-address=127.0.0.1`, `--${name}-port=${String(port)}`);
  const log = createWriteStream(options.log, { flags: 'a' });
  const { child, ended } = options.processes.start({
    command: join(triton, 'bin', 'tritonserver'),
    args,
    environment: cleanEnvironment({
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      LD_LIBRARY_PATH: [python.libraryFolder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
      ...tensorflowVariables(python),
    }),
    onLine: (line) => log.write(`${line}\n`),
  });
  void ended.finally(() => log.end()).catch(() => undefined);
  return {
    http: `127.0.0.1:${String(http)}`,
    grpc: `127.0.0.1:${String(grpc)}`,
    version: undefined,
    ended,
    stop: () => stopTriton(options.processes, child, ended),
  };
}

async function stopTriton(processes: Processes, child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  await processes.stop(child, ended, STOP_GRACE_MS);
}

/** Waits until every variant is ready. @throws EnvironmentError with Triton's last words if it ends or takes too long */
export async function waitReady(
  processes: Processes,
  triton: RunningTriton,
  variants: readonly string[],
  log: string,
  seconds: number,
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

/** The model repository of the local variants: config.pbtxt as on a cluster apart from the backend, and our model.py. */
function writeRepository(options: TritonOptions): void {
  rmSync(options.repository, { recursive: true, force: true });
  for (const variant of options.variants) {
    const version = join(options.repository, variant, '1');
    mkdirSync(version, { recursive: true });
    copyFileSync(join(PACKAGE_ROOT, 'jobs', 'backends', variant, 'model.py'), join(version, 'model.py'));
    const config = configPbtxt({
      name: variant,
      backend: 'python',
      output: 'output_1',
      slots: CRITEO_T15.length,
      denseFeatures: DENSE_FEATURES,
      instance: { kind: 'KIND_CPU' },
      parameters: {
        artifacts: options.artifacts,
        threads: String(options.threads === 0 ? availableParallelism() : options.threads),
      },
    });
    writeFileSync(join(options.repository, variant, 'config.pbtxt'), config);
  }
}

/** A Triton that was killed leaves the python backend's shared memory behind; its name tells whose it was. */
function removeLeftSharedMemory(): void {
  if (!existsSync('/dev/shm')) return;
  for (const name of readdirSync('/dev/shm')) {
    const [, owner] = name.startsWith(SHARED_MEMORY) ? (/^(\d+)-/.exec(name.slice(SHARED_MEMORY.length)) ?? []) : [];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) rmSync(join('/dev/shm', name), { force: true });
  }
}

/** Ports that are free on 127.0.0.1 now, all held at once so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
