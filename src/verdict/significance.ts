import { holm, median, studentTwoSided, studentUpper, type Variance } from '../statistics/index.js';
import { FEWEST_FOR_DIFFERENCE, standardError, type CellEvidence, type GridEvidence } from './evidence.js';
import { FEWEST_CELLS } from './grid.js';

/** Least share of the grid from which a common shift is read. */
const LEAST_SHARE = 0.25;
/** Standard errors that a common shift must be away from 0 to be taken for one. */
const SHOWN_FROM = 2;
/** Standard error of a median in units of a mean's, for normal values: sqrt(pi / 2). */
const MEDIAN_ERROR = Math.sqrt(Math.PI / 2);

/**
 * Logarithm of the shift that the cells without a difference of their own have in common: what drifts during a run, or makes a
 * run slower as a whole, moves all of them. 0 where none shows. Null where it is not known, because too few such cells are left,
 * and where it is not negligible: it is then a difference of the grid like any other.
 */
export function commonShift(cells: readonly CellEvidence[], alpha: number, negligible: number): number | null {
  const runs = cells.filter(({ published }) => !published);
  const adjusted = holm(runs.map((cell) => pOfDifference(cell, 0)));
  const rest = runs.filter((_, index) => (adjusted[index] ?? 1) > alpha);
  if (rest.length < Math.max(FEWEST_CELLS, LEAST_SHARE * runs.length)) return null;
  const shift = median(rest.map(({ effect }) => effect));
  const error = (MEDIAN_ERROR * median(rest.map((cell) => standardError(cell, cell.own)))) / Math.sqrt(rest.length);
  if (Math.abs(shift) <= SHOWN_FROM * error) return 0;
  return Math.abs(shift) <= negligible ? shift : null;
}

/** A cell's p-value, and the same after Holm's correction over the grid. */
export interface Significance {
  readonly p: number;
  readonly adjustedP: number;
}

/**
 * Significance of each cell, of a difference that is more than `least`. Against a published figure: of "beyond the margin". Else a cell has to differ from what it shares
 * with the others, in this grid, and from 0, looked at alone, so that its interval leaves 1 out; without a common shift that is
 * known, from 0 in this grid. Where cells were not measured in step, the shift is not quite the same for all: both are then
 * asked for in this grid.
 */
export function significances(
  { cells, inStep }: GridEvidence,
  common: number | null,
  { margin, least }: { margin: number; least: number },
): Significance[] {
  const found = cells.map((cell) => {
    const alone = cell.published ? beyond(cell, cell.total, cell.effect, margin) : pOfDifference(cell, least);
    const known = !cell.published && common !== null;
    const fromOthers = known ? pOfEffect(cell, cell.own, cell.effect - common, least) : alone;
    return { fromOthers, p: Math.max(fromOthers, alone) };
  });
  const adjusted = holm(found.map(({ fromOthers, p }) => (inStep ? fromOthers : p)));
  return found.map(({ p }, index) => ({ p, adjustedP: Math.max(p, adjusted[index] ?? 1) }));
}

/** p-value of "no difference", or of "none above that"; 1 with too few repeats. */
export function pOfDifference(cell: CellEvidence, least: number): number {
  return pOfEffect(cell, cell.total, cell.effect, least);
}

function pOfEffect(cell: CellEvidence, variance: Variance, effect: number, least: number): number {
  return least === 0 ? tested(cell, variance, effect, studentTwoSided) : beyond(cell, variance, effect, least);
}

/** p-value of "not farther from 0 than that": one-sided, from the nearer end. */
function beyond(cell: CellEvidence, variance: Variance, effect: number, limit: number): number {
  return tested(cell, variance, Math.abs(effect) - limit, studentUpper);
}

/** p-value of "not farther from 0 than that"; 1 with too few repeats. */
export function pBeyond(cell: CellEvidence, limit: number): number {
  return beyond(cell, cell.total, cell.effect, limit);
}

/** Values without any spread: a difference is then certain, and none is none. */
function tested(
  cell: CellEvidence,
  variance: Variance,
  difference: number,
  p: (t: number, df: number) => number,
): number {
  const { degreesOfFreedom } = variance;
  if (cell.fewest < FEWEST_FOR_DIFFERENCE || degreesOfFreedom === 0) return 1;
  const error = standardError(cell, variance);
  if (error > 0) return p(difference / error, degreesOfFreedom);
  return difference === 0 ? 1 : p(Math.sign(difference) * Number.MAX_VALUE, degreesOfFreedom);
}
