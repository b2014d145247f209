import { median } from '../statistics/index.js';
import { fleetCells, type FleetCell } from './cells.js';
import { confirmed, unconfirmed, type Found } from './confirm.js';
import { gpuKey, type FleetSamples } from './samples.js';
import { suspectsOf } from './suspects.js';

export interface FleetInput {
  readonly samples: FleetSamples;
  /** Ids of the runs that were measured; more than one where the fleet was measured in parts. */
  readonly runs: readonly string[];
  /** Measurements that the ledgers expect, and those that are there. */
  readonly expected: number;
  readonly measured: number;
  /** GPUs that each node should have been measured on. */
  readonly nodes: readonly { readonly name: string; readonly gpus: number }[];
  readonly rerun: { readonly run: string; readonly samples: FleetSamples } | null;
  /** Share by which a GPU may be slower than the fleet's median. */
  readonly margin: number;
}

/** A node of which some GPU was not measured: another pod may have had another's. */
export interface Uncovered {
  readonly node: string;
  readonly expected: number;
  readonly seen: number;
}

export interface NodeHeat {
  readonly node: string;
  /** Median over the cells of a GPU's ratio to the fleet. */
  readonly gpus: readonly { readonly gpu: string; readonly ratio: number }[];
}

export type FleetVerdict = 'pass' | 'suspects' | 'defective' | 'incomplete';

export interface FleetReport extends Omit<FleetInput, 'samples' | 'rerun' | 'nodes'> {
  readonly schema: 'hps-bench/fleet-report/1';
  readonly rerun: string | null;
  readonly gpus: number;
  readonly nodes: number;
  readonly cells: readonly FleetCell[];
  /** The slow in most cells first, of these the worst. */
  readonly found: readonly Found[];
  readonly uncovered: readonly Uncovered[];
  readonly heat: readonly NodeHeat[];
  readonly verdict: FleetVerdict;
}

/** Everything that is said of a fleet. Pure. Throws RangeError on samples without a value. */
export function fleetReport(input: FleetInput): FleetReport {
  const { samples, rerun, margin, expected, measured, runs } = input;
  if (samples.cells.size === 0) throw new RangeError('samples: no cell has a value, so there is nothing to report');
  const cells = fleetCells(samples);
  const suspects = suspectsOf(cells, margin);
  const found = rerun === null ? unconfirmed(suspects) : confirmed(suspects, cells, rerun.samples, margin);
  const heat = heatOf(cells);
  const uncovered = uncoveredOf(input, heat);
  const complete = measured === expected && uncovered.length === 0;
  return {
    ...{ schema: 'hps-bench/fleet-report/1', runs, margin, expected, measured, rerun: rerun?.run ?? null },
    ...{ gpus: samples.gpus().length, nodes: heat.length, cells, uncovered, heat },
    found: found.sort((a, b) => cellsOf(b) - cellsOf(a) || worstOf(b) - worstOf(a)),
    verdict: verdictOf(found, complete),
  };
}

const worstOf = ({ gpus }: Found): number => Math.max(...gpus.map(({ deviations }) => deviations[0]?.ratio ?? 0));

const cellsOf = ({ gpus }: Found): number => Math.max(...gpus.map(({ deviations }) => deviations.length));

/** Of defects one is enough; a suspect that was not measured again stays one. */
function verdictOf(found: readonly Found[], complete: boolean): FleetVerdict {
  if (found.some(({ finding }) => finding === 'defective')) return 'defective';
  if (found.some(({ finding }) => finding !== 'cleared')) return 'suspects';
  return complete ? 'pass' : 'incomplete';
}

function heatOf(cells: readonly FleetCell[]): NodeHeat[] {
  const ratios = new Map<string, { node: string; gpu: string; ratios: number[] }>();
  for (const { figures, median: fleet } of cells)
    for (const { node, gpu, median: own } of figures) {
      const place = gpuKey({ node, gpu });
      const known = ratios.get(place) ?? { node, gpu, ratios: [] };
      if (known.ratios.length === 0) ratios.set(place, known);
      known.ratios.push(own / fleet);
    }
  const nodes = new Map<string, { gpu: string; ratio: number }[]>();
  for (const { node, gpu, ratios: list } of ratios.values())
    nodes.set(node, [...(nodes.get(node) ?? []), { gpu, ratio: median(list) }]);
  return [...nodes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([node, gpus]) => ({ node, gpus: gpus.sort((a, b) => (a.gpu < b.gpu ? -1 : 1)) }));
}

function uncoveredOf({ nodes }: FleetInput, heat: readonly NodeHeat[]): Uncovered[] {
  const seen = new Map(heat.map(({ node, gpus }) => [node, gpus.length]));
  return nodes
    .map(({ name, gpus }) => ({ node: name, expected: gpus, seen: seen.get(name) ?? 0 }))
    .filter(({ expected, seen: count }) => count < expected);
}
