import type { PlanProblem } from './problems.js';
import { bytesText } from './quantity.js';

/** What the machine has that a local run would use. */
export interface Machine {
  readonly diskFree: number;
  readonly memoryAvailable: number;
  readonly shm: number;
}

/** What keeps a spec from running on this machine. */
export function machineProblems(
  needs: { readonly disk: number; readonly memory: number; readonly shm: number },
  machine: Machine,
): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (machine.diskFree < needs.disk)
    problems.push({
      what: 'disk',
      message: `the run takes ${bytesText(needs.disk)} of disk, ${bytesText(machine.diskFree)} is free`,
      fix: 'free some space, set HPS_BENCH_CACHE to a folder on a larger disk, or lower model.scale',
    });
  if (machine.memoryAvailable < needs.memory)
    problems.push({
      what: 'host-memory',
      message: `the run takes ${bytesText(needs.memory)} of memory, ${bytesText(machine.memoryAvailable)} is available`,
      fix: 'end other programs, or lower model.scale',
    });
  if (machine.shm < needs.shm)
    problems.push({
      what: 'shm',
      message: `Triton takes ${bytesText(needs.shm)} of shared memory, /dev/shm has ${bytesText(machine.shm)}`,
      fix: 'mount a larger /dev/shm, or leave out the largest batches',
    });
  return problems;
}
