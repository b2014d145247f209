import { normalQuantile } from '../statistics/index.js';
import { FEWEST_FOR_DIFFERENCE, type CellEvidence } from './evidence.js';

/** More repeats than this are not worth saying. */
export const MOST_NEEDED = 1000;

export interface NeededOptions {
  /** Logarithms of the ratios at the margin and at the end of what is negligible. */
  readonly margin: number;
  readonly negligible: number;
  readonly alpha: number;
  readonly cells: number;
}

/**
 * Repeats a side after which a verdict is to be expected if the effect and the spread stay as they look now: the fewest with
 * which the 95 % interval lies within the margin, or, beyond what is negligible, the difference is significant in this grid.
 * Normal theory, and the spread that a few repeats show is itself uncertain: a guide and no promise.
 */
export function neededRepeats(cell: CellEvidence, { margin, negligible, alpha, cells }: NeededOptions): number {
  const effect = Math.abs(cell.effect);
  const difference = cell.published ? effect - margin : effect > negligible ? effect : 0;
  const sides = cell.published ? 1 : 2;
  const repeats = (gap: number, z: number): number =>
    gap > 0 ? Math.ceil((sides * cell.variance.variance * z ** 2) / gap ** 2) : Infinity;
  const within = repeats(margin - effect, normalQuantile(0.975));
  const different = repeats(difference, normalQuantile(1 - alpha / (2 * cells)));
  return Math.min(MOST_NEEDED, Math.max(FEWEST_FOR_DIFFERENCE, Math.min(within, different)));
}
