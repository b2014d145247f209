import { holm, median, studentTwoSided, studentUpper } from '../statistics/index.js';
import { FEWEST_FOR_DIFFERENCE, standardError, type CellEvidence } from './evidence.js';

/** Fewest cells, and least share of the grid, from which a common shift is read. */
const FEWEST_CELLS = 8;
const LEAST_SHARE = 0.25;
/** Standard errors that a common shift must be away from 0 to be taken for one. */
const SHOWN_FROM = 2;
/** Standard error of a median in units of a mean's, for normal values: sqrt(pi / 2). */
const MEDIAN_ERROR = Math.sqrt(Math.PI / 2);

/**
 * Logarithm of the shift that the cells without a difference of their own have in common. Repeats are interleaved over the
 * cells, so what drifts during a run moves all of them: a cell has to differ from 0 and from that. 0 where too few such cells
 * are left, where no shift shows, and where it is not negligible: it is then a difference of the grid like any other.
 */
export function commonShift(cells: readonly CellEvidence[], alpha: number, negligible: number): number {
  const runs = cells.filter(({ published }) => !published);
  const adjusted = holm(runs.map((cell) => pOfDifference(cell, 0)));
  const rest = runs.filter((_, index) => (adjusted[index] ?? 1) > alpha);
  if (rest.length < Math.max(FEWEST_CELLS, LEAST_SHARE * runs.length)) return 0;
  const shift = median(rest.map(({ effect }) => effect));
  const error = (MEDIAN_ERROR * median(rest.map(standardError))) / Math.sqrt(rest.length);
  return Math.abs(shift) > SHOWN_FROM * error && Math.abs(shift) <= negligible ? shift : 0;
}

/** Two-sided p-value of "the effect is `from`"; 1 with too few repeats. */
export function pOfDifference(cell: CellEvidence, from: number): number {
  return tested(cell, cell.effect - from, studentTwoSided);
}

/** p-value of "within the margin" against a published figure: one-sided, from the margin's nearer end. */
export function pBeyondMargin(cell: CellEvidence, margin: number): number {
  return tested(cell, Math.abs(cell.effect) - margin, studentUpper);
}

/** Values without any spread: a difference is then certain, and none is none. */
function tested(cell: CellEvidence, difference: number, p: (t: number, df: number) => number): number {
  const { degreesOfFreedom } = cell.variance;
  if (cell.fewest < FEWEST_FOR_DIFFERENCE || degreesOfFreedom === 0) return 1;
  const error = standardError(cell);
  if (error > 0) return p(difference / error, degreesOfFreedom);
  return difference === 0 ? 1 : p(Math.sign(difference) * Number.MAX_VALUE, degreesOfFreedom);
}
