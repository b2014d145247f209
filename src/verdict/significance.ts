import { holm, median, studentTwoSided, studentUpper } from '../statistics/index.js';
import { standardError, type CellEvidence } from './evidence.js';

/** Fewest cells, and least share of the grid, from which a common shift is read. */
const FEWEST_CELLS = 8;
const LEAST_SHARE = 0.25;

export interface Significance {
  /** Of "no difference", for each cell. */
  readonly p: readonly number[];
  readonly adjusted: readonly number[];
  /** Logarithm of the shift that the cells without a difference of their own have in common. */
  readonly common: number;
}

/**
 * p-values against another run. Repeats are interleaved over the cells, so what drifts during a run moves all cells alike:
 * where the cells without a difference of their own moved together by less than is negligible, a cell must differ from 0
 * and from them. A shift of the whole grid that is not negligible is a difference like any other.
 */
export function differenceFromRun(cells: readonly CellEvidence[], alpha: number, negligible: number): Significance {
  const plain = cells.map((cell) => pOfDifference(cell, 0));
  const adjusted = holm(plain);
  const rest = cells.filter((cell, index) => cell.testable && (adjusted[index] ?? 1) > alpha);
  const common = commonShift(rest, cells.length, negligible);
  if (common === 0) return { p: plain, adjusted, common };
  const p = cells.map((cell, index) => Math.max(plain[index] ?? 1, pOfDifference(cell, common)));
  return { p, adjusted: holm(p), common };
}

function commonShift(rest: readonly CellEvidence[], all: number, negligible: number): number {
  if (rest.length < Math.max(FEWEST_CELLS, LEAST_SHARE * all)) return 0;
  const shift = median(rest.map(({ effect }) => effect));
  return Math.abs(shift) <= negligible ? shift : 0;
}

function pOfDifference(cell: CellEvidence, from: number): number {
  if (!cell.testable) return 1;
  return tested(cell.effect - from, standardError(cell), (t) => studentTwoSided(t, cell.variance.degreesOfFreedom));
}

/** p-value of "within the margin" against a published figure: one-sided, from the margin's nearer end. */
export function beyondMargin(cell: CellEvidence, margin: number): number {
  if (!cell.testable) return 1;
  const beyond = Math.abs(cell.effect) - margin;
  return tested(beyond, standardError(cell), (t) => studentUpper(t, cell.variance.degreesOfFreedom));
}

/** Values without any spread: a difference is then certain, and none is none. */
function tested(difference: number, error: number, p: (t: number) => number): number {
  if (error > 0) return p(difference / error);
  return difference === 0 ? 1 : p(Math.sign(difference) * Number.MAX_VALUE);
}
