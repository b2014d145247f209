import { existsSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { outstanding } from '../ledger/index.js';
import { ResultsError, writeWhole } from '../records/index.js';
import { judgeRun } from './run-ledger.js';
import { specHash, specSchema, type Spec } from '../spec/index.js';

export const RUN_SCHEMA = 'hps-bench/run/1';
/**
 * A measurement that failed or is invalid is made again until it has this many attempts; each is kept. More than in a cluster:
 * where others use the machine in bursts, one in seven is unstable, and with three attempts one such run in ten is incomplete.
 */
export const MOST_ATTEMPTS = 5;

const runSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  run_id: z.string(),
  spec_hash: z.string(),
  created_at: z.string(),
  spec: specSchema,
});

/** Everything made from one spec and one run id: `results/<run>/`. */
export interface RunFolder {
  readonly path: string;
  readonly runId: string;
  readonly spec: Spec;
  readonly specHash: string;
  readonly createdAt: string;
}

/** Opens a run that is there. @throws ResultsError if it is none, or of a schema this release does not read */
export function openRun(folder: string): RunFolder {
  // The run's programs have working directories of their own.
  const path = resolve(folder);
  const file = join(path, 'run.json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ResultsError(
      `${file}: cannot be read as a run: ${(error as Error).message} (give a folder that hps-bench made, such as results/<run>)`,
    );
  }
  const got = (parsed as { schema?: unknown } | null)?.schema;
  if (got !== RUN_SCHEMA)
    throw new ResultsError(
      `${file}: has schema ${JSON.stringify(got)}, this release reads ${RUN_SCHEMA} (use the release that wrote it)`,
    );
  const result = runSchema.safeParse(parsed);
  if (!result.success)
    throw new ResultsError(
      `${file}: ${result.error.issues[0]?.path.join('.') ?? ''}: ${result.error.issues[0]?.message ?? ''}`,
    );
  const { run_id: runId, spec_hash, created_at: createdAt, spec } = result.data;
  return { path, runId, spec, specHash: spec_hash, createdAt };
}

export interface ChooseOptions {
  /** Folder of all runs. */
  readonly root: string;
  readonly spec: Spec;
  /** Run to make or go on with; left out: the newest unfinished run of this spec, else a new one. */
  readonly runId?: string;
  readonly now: Date;
}

/** Finds the run to go on with, or makes a new one. `resumed` says which. */
export function chooseRun(options: ChooseOptions): { run: RunFolder; resumed: boolean } {
  const hash = specHash(options.spec);
  const wanted = options.runId ?? unfinishedRun(options.root, hash);
  if (wanted !== undefined && existsSync(join(options.root, wanted, 'run.json'))) {
    const run = openRun(join(options.root, wanted));
    if (run.specHash !== hash)
      throw new ResultsError(
        `${run.path}: was made from another spec (${run.specHash}, not ${hash}); give another --run-id or the same spec`,
      );
    return { run, resumed: true };
  }
  return { run: makeRun(options, wanted ?? newRunId(options), hash), resumed: false };
}

function newRunId(options: ChooseOptions): string {
  const stamp = options.now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const base = `${options.spec.name}-${stamp}`;
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!existsSync(join(options.root, id))) return id;
  }
}

function makeRun(options: ChooseOptions, runId: string, hash: string): RunFolder {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(runId))
    throw new ResultsError(
      `--run-id ${JSON.stringify(runId)}: is not a run id; allowed: letters, digits, ".", "_" and "-", at most 100`,
    );
  const path = resolve(options.root, runId);
  const createdAt = options.now.toISOString();
  const document = { schema: RUN_SCHEMA, run_id: runId, spec_hash: hash, created_at: createdAt, spec: options.spec };
  mkdirSync(join(path, 'evidence'), { recursive: true });
  try {
    writeWhole(join(path, 'run.json'), `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
  return { path, runId, spec: options.spec, specHash: hash, createdAt };
}

/** The newest run of that spec that still has something to measure. Folders that are no runs of this release are passed over. */
function unfinishedRun(root: string, hash: string): string | undefined {
  if (!existsSync(root)) return undefined;
  const runs = readdirSync(root).flatMap((name) => {
    try {
      const run = openRun(join(root, name));
      return run.specHash === hash && remaining(run) > 0 ? [run] : [];
    } catch (error) {
      if (error instanceof ResultsError) return [];
      throw error;
    }
  });
  return runs.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0]?.runId;
}

function remaining(run: RunFolder): number {
  return outstanding(judgeRun(run).ledger, MOST_ATTEMPTS).length;
}

/** Two programs must not measure the same run at once. @throws ResultsError if another living process holds it */
export function lockRun(run: RunFolder): () => void {
  const file = join(run.path, '.lock');
  for (let tries = 0; tries < 2; tries++)
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => {
        rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(file, 'utf8'));
      if (isAlive(holder))
        throw new ResultsError(
          `${run.path}: process ${holder} is measuring this run (wait for it, or give another --run-id)`,
        );
      rmSync(file, { force: true });
    }
  throw new ResultsError(`${run.path}: cannot be locked`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
