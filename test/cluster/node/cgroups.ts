import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const PREFIX = 'hps-bench-node-';

/** The hierarchies: one of cgroup v2, or each controller's of v1. */
function hierarchies(): string[] {
  if (existsSync(join(ROOT, 'cgroup.controllers'))) return [ROOT];
  return readdirSync(ROOT)
    .map((name) => join(ROOT, name))
    .filter((folder) => existsSync(join(folder, 'cgroup.procs')));
}

/** A cgroup for a node's pods, named after a process. @returns its name */
export function makeCgroup(pid: number): string {
  const name = `${PREFIX}${pid}`;
  for (const folder of hierarchies()) {
    mkdirSync(join(folder, name), { recursive: true });
    // In cgroup v1 a new cpuset is empty, and nothing can run in it.
    for (const file of ['cpuset.cpus', 'cpuset.mems'])
      if (folder.endsWith('/cpuset')) writeFileSync(join(folder, name, file), readFileSync(join(folder, file)));
  }
  return name;
}

/** Removes that cgroup and those below it, which hold no process any more. */
export function removeCgroup(name: string): void {
  for (const folder of hierarchies()) if (existsSync(join(folder, name))) removeTree(join(folder, name));
}

/** Removes what tests left behind that were killed. */
export function removeLeftCgroups(isRunning: (pid: number) => boolean): void {
  const names = new Set(hierarchies().flatMap((folder) => readdirSync(folder)));
  for (const name of names)
    if (name.startsWith(PREFIX) && !isRunning(Number(name.slice(PREFIX.length)))) removeCgroup(name);
}

function removeTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  try {
    rmdirSync(folder);
  } catch (error) {
    // A process that was killed a moment ago may still be counted; the next start removes it.
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}
