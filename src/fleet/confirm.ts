import type { FleetCell } from './cells.js';
import { gpuFigures, type GpuFigure } from './intervals.js';
import { gpuKey, type FleetSamples } from './samples.js';
import type { Suspect, SuspectGpu } from './suspects.js';

/** What the re-run says of a suspect: a defect has to show twice. */
export type Finding = 'suspect' | 'defective' | 'cleared' | 'not measured again';

export interface Found extends Suspect {
  readonly finding: Finding;
  /** Ratio in the cell that was worst, measured again; null where it was not. */
  readonly again: number | null;
}

/** Without a re-run nobody is more than a suspect. */
export const unconfirmed = (suspects: readonly Suspect[]): Found[] =>
  suspects.map((suspect) => ({ ...suspect, finding: 'suspect', again: null }));

/**
 * Holds suspects against a re-run on their nodes: defective is what is outside again in a cell in which it was, against the
 * median of the whole fleet (the re-run's own would be that of suspects). Of a node more than half of the slow GPUs must be.
 */
export function confirmed(
  suspects: readonly Suspect[],
  cells: readonly FleetCell[],
  rerun: FleetSamples,
  margin: number,
): Found[] {
  const again = new Map<string, GpuFigure>();
  for (const [key, samples] of rerun.cells)
    for (const figure of gpuFigures(samples)) again.set(`${key} ${gpuKey(figure)}`, figure);
  const medians = new Map(cells.map(({ key, median }) => [key, median]));
  const outcome = (gpu: SuspectGpu): Outcome => outcomeOf(gpu, again, medians, margin);
  return suspects.map((suspect) => {
    const outcomes = suspect.gpus.map(outcome);
    const measured = outcomes.filter(({ ratio }) => ratio !== null);
    const outside = outcomes.filter((one) => one.outside).length;
    const finding =
      measured.length === 0 ? 'not measured again' : outside * 2 > measured.length ? 'defective' : 'cleared';
    return { ...suspect, finding, again: measured[0]?.ratio ?? null };
  });
}

interface Outcome {
  readonly outside: boolean;
  readonly ratio: number | null;
}

function outcomeOf(
  { node, gpu, deviations }: SuspectGpu,
  again: ReadonlyMap<string, GpuFigure>,
  medians: ReadonlyMap<string, number>,
  margin: number,
): Outcome {
  const seen = deviations.flatMap(({ cell }) => {
    const figure = again.get(`${cell} ${gpuKey({ node, gpu })}`);
    const fleet = medians.get(cell);
    return figure === undefined || fleet === undefined ? [] : [{ figure, fleet }];
  });
  const outside = seen.some(({ figure, fleet }) => (figure.interval?.low ?? 0) > fleet * (1 + margin));
  const [worst] = seen;
  return { outside, ratio: worst === undefined ? null : worst.figure.median / worst.fleet };
}
