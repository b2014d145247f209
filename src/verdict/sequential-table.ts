import { normalCdf, studentQuantile } from '../statistics/index.js';
import { FEWEST_FOR_INTERVAL } from './evidence.js';
import { spendingBoundaries } from './spending.js';

export interface SequentialOptions {
  /** What may differ, as a share, as for compareGrid. */
  readonly margin: number;
  /** Chance of any false alarm in the whole grid. */
  readonly alpha: number;
  readonly cells: number;
  /** Repeats after which a cell is left without a verdict. */
  readonly maxRepeats: number;
}

/** At most four repeats more than the usual ten, so that cells in doubt lose no power for having been looked at before. */
export const DEFAULT_SEQUENTIAL: SequentialOptions = { margin: 0.05, alpha: 0.003, cells: 44, maxRepeats: 14 };

/** Chance, over all looks, of calling a cell the same that differs by the margin. */
const WRONGLY_SAME = 0.05;
/** How errors are spent over the looks: the first evenly, so that cells stop early; the other late, for its power. */
const POWER_SAME = 1;
const POWER_DIFFERENT = 8;
/** No difference is called from fewer repeats: three of five that are off would decide it, and that happens. */
const FIRST_DIFFERENCE = 7;
/** A cell with a smaller chance of any verdict by the last repeat is not measured further. */
const FUTILE_BELOW = 0.3;

/** What a cell is compared with. */
export interface CellReference {
  /** Natural logarithm of the reference's geometric mean, or of the published figure. */
  readonly logMean: number;
  /** Its repeats; null for a published figure, whose own error nobody knows. */
  readonly repeats: number | null;
  /** Standard deviation of a repeat's logarithm, as the reference's grid shows it; 0 with 0 degrees of freedom: not known. */
  readonly deviation: number;
  readonly degreesOfFreedom: number;
}

export interface Look {
  readonly repeats: number;
  /** Same, if |effect| + same x standard error is within the margin. */
  readonly same: number;
  /** Regressed or improved, if the effect lies more than this many standard errors away; null: too early to say. */
  readonly different: number | null;
}

/** Boundaries for cells with one kind of reference: plain JSON, for the settings of the measuring program. */
export interface SequentialTable {
  readonly referenceRepeats: number | null;
  readonly degreesOfFreedom: number;
  /** Logarithm of 1 + margin. */
  readonly margin: number;
  /** Logarithm of 1 + margin / 2: no difference smaller than this counts. */
  readonly negligible: number;
  readonly futileBelow: number;
  readonly looks: readonly Look[];
}

/**
 * Boundaries of the sequential design: group-sequential with a look after each repeat from the second on, errors spent by Lan
 * and DeMets. Boundaries are those of a known variance, with each tail turned into the t of the degrees of freedom at that look
 * (Jennison and Turnbull, Group Sequential Methods, 2000, section 4.4 and chapter 7). Throws RangeError on options out of
 * range.
 */
export function sequentialTable(
  reference: Pick<CellReference, 'repeats' | 'degreesOfFreedom'>,
  options: SequentialOptions = DEFAULT_SEQUENTIAL,
): SequentialTable {
  requireOptions(reference, options);
  const { margin, alpha, cells, maxRepeats } = options;
  const repeats = Array.from(
    { length: maxRepeats - FEWEST_FOR_INTERVAL + 1 },
    (_, index) => index + FEWEST_FOR_INTERVAL,
  );
  const information = (n: number): number => 1 / (1 / n + (reference.repeats === null ? 0 : 1 / reference.repeats));
  const same = spendingBoundaries(repeats.map(information), WRONGLY_SAME, POWER_SAME);
  const late = repeats.filter((n) => n >= FIRST_DIFFERENCE);
  const different = spendingBoundaries(late.map(information), alpha / (2 * cells), POWER_DIFFERENT);
  const asT = (z: number, n: number): number =>
    studentQuantile(1 - 2 * normalCdf(-z), reference.degreesOfFreedom + n - 1);
  return {
    referenceRepeats: reference.repeats,
    degreesOfFreedom: reference.degreesOfFreedom,
    margin: Math.log1p(margin),
    negligible: Math.log1p(margin / 2),
    futileBelow: FUTILE_BELOW,
    looks: repeats.map((n, index) => {
      const z = different[n - FIRST_DIFFERENCE];
      return { repeats: n, same: asT(same[index] ?? NaN, n), different: z === undefined ? null : asT(z, n) };
    }),
  };
}

function requireOptions(
  { repeats, degreesOfFreedom }: Pick<CellReference, 'repeats' | 'degreesOfFreedom'>,
  { margin, alpha, cells, maxRepeats }: SequentialOptions,
): void {
  const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;
  if (!(margin > 0 && margin <= 1)) throw new RangeError(`margin is ${margin}; a share above 0, e.g. 0.05 for 5 %`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; it must be between 0 and 1, e.g. 0.003`);
  if (!whole(cells, 1)) throw new RangeError(`cells are ${cells}; a whole number from 1`);
  if (!whole(maxRepeats, FIRST_DIFFERENCE) || maxRepeats > 100) {
    throw new RangeError(`maxRepeats is ${maxRepeats}; a whole number from ${FIRST_DIFFERENCE} to 100`);
  }
  if (repeats !== null && !whole(repeats, 1)) throw new RangeError(`reference repeats are ${repeats}; from 1, or null`);
  if (!whole(degreesOfFreedom, 0)) throw new RangeError(`degrees of freedom are ${degreesOfFreedom}; a whole number`);
}
