import { normalQuantile, studentQuantile } from '../statistics/index.js';
import { FEWEST_FOR_DIFFERENCE, type CellEvidence } from './evidence.js';

/** More repeats than this are not worth saying. */
export const MOST_NEEDED = 1000;

export interface NeededOptions {
  /** Logarithms of the ratios at the margin and at the end of what is negligible. */
  readonly margin: number;
  readonly negligible: number;
  readonly alpha: number;
  /** Logarithm of the ratio that a difference must exceed. */
  readonly least: number;
  /** Logarithm of the ratio by which the machine, or drift, may have moved the cell. */
  readonly shared: number;
  readonly cells: number;
}

/**
 * Repeats (or runs) a side after which a verdict is to be expected if the effect and the spread stay as they look now: the fewest
 * with which the 95 % interval lies within the margin, or, beyond what is negligible, the difference is significant in this grid.
 * More than there are, for these had none. The spread that a few repeats show is itself uncertain: a guide and no promise.
 */
export function neededRepeats(
  cell: CellEvidence,
  { margin, negligible, alpha, least, shared, cells }: NeededOptions,
): number {
  const effect = Math.abs(cell.effect);
  const apart = Math.abs(cell.effect - shared);
  const difference = cell.published ? effect - margin : effect > negligible ? Math.min(effect, apart) - least : 0;
  const within = repeatsFor(cell, margin - Math.max(effect, apart), 0.95);
  const different = repeatsFor(cell, difference, 1 - alpha / cells);
  return Math.min(MOST_NEEDED, Math.max(FEWEST_FOR_DIFFERENCE, cell.fewest + 1, Math.min(within, different)));
}

/** Fewest repeats a side with which a gap is as many standard errors wide as that level asks of Student's t. */
function repeatsFor({ published, total: variance, fewest }: CellEvidence, gap: number, level: number): number {
  if (!(gap > 0)) return Infinity;
  const atOne = ((published ? 1 : 2) * variance.variance) / gap ** 2;
  // As many degrees of freedom a repeat as now; of a single one nothing is known.
  const each = fewest > 1 ? variance.degreesOfFreedom / (fewest - 1) : 0;
  let n = Math.max(FEWEST_FOR_DIFFERENCE, Math.ceil(atOne * normalQuantile((1 + level) / 2) ** 2));
  if (each === 0) return n;
  const quantile = (repeats: number) => studentQuantile(level, Math.max(1, Math.floor(each * (repeats - 1))));
  while (n < MOST_NEEDED && atOne * quantile(n) ** 2 > n) n += 1;
  return n;
}
