import { median, varianceComponents, type VarianceComponent } from '../statistics/index.js';
import type { Cell } from '../spec/index.js';
import { gpuFigures, type GpuFigure } from './intervals.js';
import { cellKey, type CellSamples, type FleetSamples } from './samples.js';

/** One cell over the whole fleet. */
export interface FleetCell {
  readonly key: string;
  readonly cell: Cell;
  /** Median over the GPUs' medians, in microseconds: what a GPU of this fleet does. */
  readonly median: number;
  /** Of the GPUs' medians, in microseconds. */
  readonly spread: { readonly least: number; readonly p5: number; readonly p95: number; readonly greatest: number };
  /** Where the variance comes from: node, GPU, run. */
  readonly shares: readonly VarianceComponent[];
  readonly figures: readonly GpuFigure[];
}

/** Every cell of the fleet, in the order in which they were measured first. */
export function fleetCells(samples: FleetSamples): FleetCell[] {
  return [...samples.cells.values()].map(fleetCell);
}

function fleetCell(of: CellSamples): FleetCell {
  const figures = gpuFigures(of);
  const medians = figures.map((figure) => figure.median).sort((a, b) => a - b);
  const at = (share: number): number => medians[Math.round(share * (medians.length - 1))] ?? NaN;
  return {
    ...{ key: cellKey(of.cell), cell: of.cell, figures },
    median: median(medians),
    spread: { least: at(0), p5: at(0.05), p95: at(0.95), greatest: at(1) },
    shares: varianceComponents(runsOf(of)).filter(({ level }) => level !== 'within'),
  };
}

/** A run is one repeat, of which one mean is known. */
function runsOf({ gpus }: CellSamples) {
  return [...gpus.values()].flatMap(({ node, gpu, values }) =>
    values.map(({ repeat, us }) => ({ node, gpu, run: repeat, values: [us] })),
  );
}
