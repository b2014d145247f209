import type { Variance } from '../statistics/index.js';
import { gridMoments, separateMoments } from './grid-moments.js';
import type { ComparedCell, CompareOptions } from './grid.js';
import { logSample, sampleOf, type LogSample } from './log-sample.js';
import { withoutSharedMoves } from './shared-moves.js';

/** Fewest repeats a side with which an interval is given; it rests on what the grid says of the spread. */
export const FEWEST_FOR_INTERVAL = 2;
/** Fewest repeats a side that can show a difference: of two, none is the odd one. */
export const FEWEST_FOR_DIFFERENCE = 3;

/** What a cell's values say, on logarithms. */
export interface CellEvidence {
  readonly compared: ComparedCell;
  readonly published: boolean;
  /** Centre of a less centre of b: see robustMoments. */
  readonly effect: number;
  /** Variance of one repeat, drawn towards the grid's, or of one run. */
  readonly total: Variance;
  /** The part of it that the cell does not share with the others of its run; where that is not told apart, all of it. */
  readonly own: Variance;
  /** Variance of the effect in units of those: 1 / n of a, and 1 / n of b where b is a run. */
  readonly perUnit: number;
  /** Repeats of the side with fewer of them. */
  readonly fewest: number;
}

export interface GridEvidence {
  readonly cells: readonly CellEvidence[];
  /** Whether the cells of both runs were measured in the same repeats, and what these share has been taken out of them. */
  readonly inStep: boolean;
}

/**
 * Effects and variances of a grid. Ten repeats say little about one cell's variance, but 44 cells together say much: each
 * variance is drawn towards what the grid has in common, as far as the cells are alike (empirical Bayes, limma). Not so for runs:
 * see {@link CompareOptions.counted}.
 */
export function evidenceOf(
  cells: readonly ComparedCell[],
  counted: CompareOptions['counted'] = 'repeats',
): GridEvidence {
  const sides = cells.map(({ a, b }) => (typeof b === 'number' ? [logSample(a)] : [logSample(a), logSample(b)]));
  const momentsOf = counted === 'runs' ? separateMoments : gridMoments;
  const whole = momentsOf(sides);
  const left = counted === 'runs' ? null : withoutShared(cells, sides);
  const { moments, variances } = left === null ? whole : momentsOf(left);
  return {
    inStep: left !== null,
    cells: cells.map((compared, index) => {
      const [a, b] = moments[index] ?? [];
      const sizes = (moments[index] ?? []).map(({ n }) => n);
      const own = variances[index] ?? NOTHING_KNOWN;
      const all = whole.variances[index] ?? NOTHING_KNOWN;
      return {
        compared,
        published: typeof compared.b === 'number',
        effect: (a?.mean ?? NaN) - (typeof compared.b === 'number' ? Math.log(compared.b) : (b?.mean ?? NaN)),
        own,
        total: all.variance > own.variance ? all : own,
        perUnit: sizes.reduce((sum, n) => sum + 1 / n, 0),
        fewest: Math.min(...sizes),
      };
    }),
  };
}

const NOTHING_KNOWN: Variance = { variance: 0, degreesOfFreedom: 0 };

/** Both sides without what the repeats of a run share; null unless that can be told of both. */
function withoutShared(cells: readonly ComparedCell[], sides: readonly (readonly LogSample[])[]): LogSample[][] | null {
  const leftOf = (side: 'a' | 'b', position: number): number[][] | null => {
    const numbered = cells.flatMap(({ repeats }, index) => {
      const logs = sides[index]?.[position]?.logs;
      return logs === undefined || repeats === undefined ? [] : [{ logs, repeats: repeats[side] }];
    });
    return numbered.length < cells.length ? null : withoutSharedMoves(numbered);
  };
  const [a, b] = [leftOf('a', 0), leftOf('b', 1)];
  if (a === null || b === null) return null;
  return cells.map((_, index) => [sampleOf(a[index] ?? []), sampleOf(b[index] ?? [])]);
}

/** Of the effect, with or without what the cell shares with the others. */
export function standardError({ perUnit }: CellEvidence, { variance }: Variance): number {
  return Math.sqrt(variance * perUnit);
}
