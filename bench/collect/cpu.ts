import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100;

/** CPU seconds so far of the programs of a cluster, by name, and of this process. */
export function cpuSeconds(folder: string): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    try {
      const [program = '', ...args] = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (!args.some((arg) => arg.includes(folder))) continue;
      const short = program.split('/').at(-1) ?? program;
      seconds.set(short, (seconds.get(short) ?? 0) + secondsOf(name));
    } catch {
      // It ended meanwhile.
    }
  return seconds;
}

function secondsOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** CPUs that each used between two readings, those of a tenth and more. */
export function cpusUsed(before: Map<string, number>, after: Map<string, number>, seconds: number): string {
  return [...after]
    .map(([name, value]) => [name, (value - (before.get(name) ?? 0)) / seconds] as const)
    .filter(([, cpus]) => cpus >= 0.05)
    .sort(([, a], [, b]) => b - a)
    .map(([name, cpus]) => `${name} ${cpus.toFixed(2)}`)
    .join(', ');
}
