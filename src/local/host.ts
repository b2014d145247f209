import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname } from 'node:path';
import { EnvironmentError } from './failure.js';

/** The oldest C library that the Triton wheel (manylinux_2_35) runs on. */
const GLIBC = { major: 2, minor: 35 };

/** Platform facts that decide whether Triton's wheel can run here. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  /** Version of the running glibc; undefined on another C library. */
  readonly glibc: string | undefined;
}

export function thisHost(): Host {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return { platform: process.platform, arch: process.arch, glibc: report.header.glibcVersionRuntime };
}

/** @throws EnvironmentError if Triton's wheel cannot run on that host. */
export function checkHost(host: Host): void {
  if (host.platform !== 'linux' || host.arch !== 'x64')
    throw new EnvironmentError(
      `Triton's wheel runs on Linux x86_64, this is ${host.platform} ${host.arch}`,
      'use a Linux x86_64 machine or virtual machine',
    );
  if (host.glibc === undefined)
    throw new EnvironmentError(
      'Triton needs the GNU C library, this system has another',
      'use Debian 12, Ubuntu 22.04 or newer',
    );
  const [major = 0, minor = 0] = host.glibc.split('.').map(Number);
  if (major < GLIBC.major || (major === GLIBC.major && minor < GLIBC.minor))
    throw new EnvironmentError(
      `glibc ${host.glibc} is too old: Triton 2.51 needs ${GLIBC.major}.${GLIBC.minor} or newer`,
      'use Debian 12, Ubuntu 22.04 or newer',
    );
}

/** @throws EnvironmentError if less than `needed` bytes are free where `folder` is or will be. */
export async function checkDisk(folder: string, needed: number, what: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free < needed)
    throw new EnvironmentError(
      `${what} needs ${gigabytes(needed)} in ${folder}, ${gigabytes(free)} is free`,
      'free some space, or set HPS_BENCH_CACHE to a folder on a larger disk',
    );
}

/** Free bytes of the file system where a folder is or will be. */
export async function freeBytes(folder: string): Promise<number> {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return bavail * bsize;
}

/** What a local run finds here: free disk at the cache, memory and shared memory, in bytes. */
export async function thisMachine(cache: string): Promise<{ diskFree: number; memoryAvailable: number; shm: number }> {
  const shm = existsSync('/dev/shm') ? await statfs('/dev/shm') : { blocks: 0, bsize: 0 };
  return {
    diskFree: await freeBytes(cache),
    memoryAvailable: availableMemory(),
    shm: shm.blocks * shm.bsize,
  };
}

/** `MemAvailable` where Linux tells it, bounded by the container's limit; elsewhere the free memory. */
function availableMemory(): number {
  const text = existsSync('/proc/meminfo') ? readFileSync('/proc/meminfo', 'ascii') : '';
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  const available = kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(available, limit) : available;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
