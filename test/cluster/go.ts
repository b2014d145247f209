import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, EnvironmentError } from '../../src/local/index.js';
import type { Processes } from '../../src/local/processes.js';

/** A Go module of this folder and how its programs are built. */
export interface GoBuild {
  /** Folder of the module. */
  readonly module: string;
  /** The files that the programs depend on, go.mod and go.sum among them: the cache's key. */
  readonly sources: readonly string[];
  /** Arguments of `go` that put the programs into `folder`. */
  readonly arguments: (folder: string) => readonly string[];
  /** What is done with the folder once they are there. */
  readonly finish?: (folder: string) => void;
}

const OLDEST_MINOR = 21;

/**
 * The folder of programs built from these sources, made unless the cache has it: `<cache>/cluster/<name>-<key>`.
 * @param say told what is being done
 * @throws EnvironmentError without a Go that can build them, or with the compiler's last words
 */
export async function goPrograms(
  name: string,
  build: GoBuild,
  processes: Processes,
  say: (text: string) => void,
): Promise<string> {
  const version = goVersion(build.module);
  const key = createHash('sha256')
    .update(version)
    .update(String(build.arguments('')))
    .update(process.arch);
  for (const file of build.sources) key.update(readFileSync(join(build.module, file)));
  const folder = join(cacheRoot(), 'cluster', `${name}-${key.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;

  say(`building ${name} with ${version}: about 10 minutes the first time`);
  const partial = `${folder}.${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  try {
    const ended = await processes.run({
      command: 'go',
      args: build.arguments(partial),
      cwd: build.module,
      environment: { ...process.env, CGO_ENABLED: '0', GOBIN: partial },
    });
    if (ended.code !== 0) throw new EnvironmentError(`go could not build ${name}:\n  ${ended.tail.join('\n  ')}`);
    build.finish?.(partial);
    // Another test run may have been quicker; what it made is the same.
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

/** The Go that will build the module, such as `go1.26.8`: what is on PATH, or the newer one that it fetches by itself. */
function goVersion(module: string): string {
  const wanted = /^go (\S+)$/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))?.[1] ?? '';
  const fix = `install Go ${wanted} or newer (https://go.dev/dl), or any from 1.${OLDEST_MINOR} on, which fetches ${wanted} by itself`;
  const answer = spawnSync('go', ['env', 'GOVERSION'], { cwd: module, encoding: 'utf8' });
  if (answer.error !== undefined)
    throw new EnvironmentError('the cluster for tests is built with Go; no go on PATH', fix);
  const version = answer.stdout.trim();
  const minor = /^go1\.(\d+)/.exec(version)?.[1];
  if (answer.status === 0 && minor !== undefined && Number(minor) >= OLDEST_MINOR) return version;
  throw new EnvironmentError(`this Go cannot build the cluster for tests: ${answer.stderr.trim() || version}`, fix);
}
