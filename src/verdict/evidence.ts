import { median, moderated, variancePrior, type Variance } from '../statistics/index.js';
import type { ComparedCell } from './grid.js';
import { clippedMoments, logSample, robustScale, type LogSample, type Moments } from './log-sample.js';

/** Fewest repeats a side with which an interval is given; it rests on what the grid says of the spread. */
export const FEWEST_FOR_INTERVAL = 2;
/** Fewest repeats a side that can show a difference: of two, none is the odd one. */
export const FEWEST_FOR_DIFFERENCE = 3;

/** What a cell's values say, on logarithms. */
export interface CellEvidence {
  readonly compared: ComparedCell;
  readonly published: boolean;
  /** Mean of a less mean of b, outlying values clipped. */
  readonly effect: number;
  /** Variance of one repeat, drawn towards the grid's. */
  readonly variance: Variance;
  /** Variance of the effect in units of that: 1 / n of a, and 1 / n of b where b is a run. */
  readonly perUnit: number;
  /** Repeats of the side with fewer of them. */
  readonly fewest: number;
}

/**
 * Effects and variances of a grid. Ten repeats say little about one cell's variance, but 44 cells together say much: each
 * variance is drawn towards what the grid has in common, as far as the cells are alike (empirical Bayes, limma).
 */
export function evidenceOf(cells: readonly ComparedCell[]): CellEvidence[] {
  const sides = cells.map(({ a, b }) => (typeof b === 'number' ? [logSample(a)] : [logSample(a), logSample(b)]));
  const moments = clippedGrid(sides);
  const variances = moderatedGrid(moments);
  return cells.map((compared, index) => {
    const [a, b] = moments[index] ?? [];
    const published = typeof compared.b === 'number';
    const sizes = (moments[index] ?? []).map(({ n }) => n);
    return {
      compared,
      published,
      effect: (a?.mean ?? NaN) - (typeof compared.b === 'number' ? Math.log(compared.b) : (b?.mean ?? NaN)),
      variance: variances[index] ?? { variance: 0, degreesOfFreedom: 0 },
      perUnit: sizes.reduce((sum, n) => sum + 1 / n, 0),
      fewest: Math.min(...sizes),
    };
  });
}

/** Moments of every side of every cell, clipped at the cell's robust scale or the grid's, whichever is larger. */
export function clippedGrid(cells: readonly (readonly LogSample[])[]): Moments[][] {
  const scales = cells.map(robustScale);
  const known = scales.filter((scale) => scale !== null);
  const usual = known.length === 0 ? 0 : median(known);
  return cells.map((sides, index) => sides.map((side) => clippedMoments(side, Math.max(usual, scales[index] ?? 0))));
}

/** Variances of the cells, each drawn towards what they have in common. */
export function moderatedGrid(cells: readonly (readonly Moments[])[]): Variance[] {
  const raw = cells.map((sides): Variance => {
    const degreesOfFreedom = sides.reduce((sum, { n }) => sum + n - 1, 0);
    const squares = sides.reduce((sum, side) => sum + side.squares, 0);
    return { variance: degreesOfFreedom === 0 ? 0 : squares / degreesOfFreedom, degreesOfFreedom };
  });
  const prior = variancePrior(raw);
  const most = raw.reduce((sum, { degreesOfFreedom }) => sum + degreesOfFreedom, 0);
  return raw.map((cell) => moderated(cell, prior, most));
}

export function standardError({ variance, perUnit }: CellEvidence): number {
  return Math.sqrt(variance.variance * perUnit);
}
