import type { Interval } from '../statistics/index.js';
import type { FleetCell } from './cells.js';
import { gpuKey } from './samples.js';

/** A cell in which a GPU's interval lies outside the fleet's median and its margin. */
export interface Deviation {
  readonly cell: string;
  /** The GPU's median by the fleet's: above 1 it is slower. */
  readonly ratio: number;
  /** Of the ratio. */
  readonly interval: Interval;
  readonly n: number;
}

export interface SuspectGpu {
  readonly node: string;
  readonly gpu: string;
  /** The worst first. */
  readonly deviations: readonly Deviation[];
}

export interface Suspect {
  /** `node`: most of its GPUs are slow, so that the cause is theirs in common. */
  readonly kind: 'gpu' | 'node';
  readonly node: string;
  /** The slow ones: one, or of a node most. */
  readonly gpus: readonly SuspectGpu[];
  /** GPUs of the node that were measured. */
  readonly measured: number;
}

/** A node is named in place of its GPUs where more than half of them are slow, and two at least. */
const FEWEST_OF_NODE = 2;

/**
 * GPUs that are slower than the fleet by more than the margin, beyond doubt: the whole interval lies above it in some cell.
 * @param margin share, such as 0.05
 */
export function suspectsOf(cells: readonly FleetCell[], margin: number): Suspect[] {
  const deviations = deviationsOf(cells, 1 + margin);
  const byNode = new Map<string, { slow: SuspectGpu[]; all: Set<string> }>();
  for (const { figures } of cells)
    for (const { node, gpu } of figures) {
      const known = byNode.get(node) ?? { slow: [], all: new Set<string>() };
      if (known.all.size === 0) byNode.set(node, known);
      if (known.all.has(gpu)) continue;
      known.all.add(gpu);
      const found = deviations.get(gpuKey({ node, gpu }));
      if (found !== undefined) known.slow.push({ node, gpu, deviations: found.sort((a, b) => b.ratio - a.ratio) });
    }
  return [...byNode].flatMap(([node, { slow, all }]): Suspect[] => {
    const measured = all.size;
    if (slow.length >= FEWEST_OF_NODE && slow.length * 2 > measured)
      return [{ kind: 'node', node, gpus: slow, measured }];
    return slow.map((gpu) => ({ kind: 'gpu', node, gpus: [gpu], measured }));
  });
}

function deviationsOf(cells: readonly FleetCell[], limit: number): Map<string, Deviation[]> {
  const found = new Map<string, Deviation[]>();
  for (const { key, median, figures } of cells)
    for (const { node, gpu, median: own, interval, n } of figures) {
      if (interval === null || interval.low <= median * limit) continue;
      const { low, high, level } = interval;
      const deviation = {
        cell: key,
        ratio: own / median,
        interval: { low: low / median, high: high / median, level },
        n,
      };
      const place = gpuKey({ node, gpu });
      found.set(place, [...(found.get(place) ?? []), deviation]);
    }
  return found;
}
