import { normalQuantile } from '../statistics/index.js';
import type { CellEvidence } from './evidence.js';

/** More repeats than this are not worth saying. */
export const MOST_NEEDED = 1000;

export interface NeededOptions {
  readonly margin: number;
  readonly alpha: number;
  readonly cells: number;
  readonly negligible: number;
  /** Fewest repeats a side of which an interval can be had. */
  readonly fewest: number;
  readonly published: boolean;
}

/**
 * Repeats a side after which a verdict is to be expected if the effect and the spread stay as they look now: the fewest with
 * which the 95 % interval lies within the margin, or, beyond what is negligible, the difference is significant in this grid.
 * Normal theory; the spread that a few repeats show is itself uncertain, so this is a guide and no promise.
 */
export function neededRepeats(cell: CellEvidence, options: NeededOptions): number {
  const effect = Math.abs(cell.effect);
  const width = normalQuantile(0.975);
  const significant = normalQuantile(1 - options.alpha / (2 * options.cells));
  const gaps = [
    { gap: options.margin - effect, z: width },
    options.published
      ? { gap: effect - options.margin, z: significant }
      : { gap: effect > options.negligible ? effect : 0, z: significant },
  ];
  const sides = options.published ? 1 : 2;
  const counts = gaps.map(({ gap, z }) => (gap > 0 ? (sides * cell.variance.variance * z ** 2) / gap ** 2 : Infinity));
  const count = Math.ceil(Math.min(...counts));
  return Math.min(MOST_NEEDED, Math.max(options.fewest, count));
}
