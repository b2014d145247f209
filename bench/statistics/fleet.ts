import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface FleetRun {
  /** Of the statistics alone, without starting Node and making the values. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process. */
  readonly peakRssMb: number;
  /** How many figures came out. */
  readonly figures: number;
}

export interface FleetResult {
  readonly full: FleetRun;
  readonly plain: FleetRun;
}

/** Both in a process of their own, one after the other, on the same values. */
export function runFleet(): FleetResult {
  const child = fileURLToPath(new URL('fleet-child.ts', import.meta.url));
  const run = (what: string): FleetRun =>
    JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', child, what], { encoding: 'utf8' })) as FleetRun;
  return { full: run('full'), plain: run('plain') };
}
