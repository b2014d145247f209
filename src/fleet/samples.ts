import type { Cell } from '../spec/index.js';

/** One measurement of one cell on one GPU. */
export interface FleetValue extends Cell {
  readonly node: string;
  /** UUID, or the unit's name where evidence does not tell the UUID. */
  readonly gpu: string;
  /** `run/repeat`: what tells repeats on the GPU apart. */
  readonly repeat: string;
  /** Mean compute infer, in microseconds. */
  readonly us: number;
}

/** All values of one cell on one GPU. */
export interface GpuSample {
  readonly node: string;
  readonly gpu: string;
  readonly values: { readonly repeat: string; readonly us: number }[];
}

export interface CellSamples {
  readonly cell: Cell;
  /** By `node gpu`: names of units may come twice in a fleet that was measured in parts, UUIDs cannot. */
  readonly gpus: Map<string, GpuSample>;
}

export const cellKey = ({ variant, batch, concurrency }: Cell): string => `${variant}-b${batch}-c${concurrency}`;
export const gpuKey = ({ node, gpu }: { readonly node: string; readonly gpu: string }): string => `${node} ${gpu}`;

/** Measurements of a fleet by cell and GPU. */
export class FleetSamples {
  readonly cells = new Map<string, CellSamples>();

  add({ node, gpu, repeat, us, ...cell }: FleetValue): void {
    const key = cellKey(cell);
    const known = this.cells.get(key) ?? { cell, gpus: new Map<string, GpuSample>() };
    if (known.gpus.size === 0) this.cells.set(key, known);
    const place = gpuKey({ node, gpu });
    const sample = known.gpus.get(place) ?? { node, gpu, values: [] };
    if (sample.values.length === 0) known.gpus.set(place, sample);
    sample.values.push({ repeat, us });
  }

  /** Every GPU that has a value. */
  gpus(): { readonly node: string; readonly gpu: string }[] {
    const found = new Map([...this.cells.values()].flatMap(({ gpus }) => [...gpus]));
    return [...found.values()].map(({ node, gpu }) => ({ node, gpu }));
  }
}
