import type { ComparedCell, Comparison } from './comparison.js';
import { labelOf } from './grid.js';
import { percentOf } from './wording.js';

/** Chance of a difference that large by ranks alone, up to which a cell is taken to have moved. */
const BY_RANKS = 0.05;

type Judged = Pick<Comparison, 'cells' | 'runMove' | 'leastMoved'>;

/**
 * A sentence where all cells of two runs moved the same way, at least half of them beyond doubt, and so perhaps the machine did;
 * undefined where they did not, or, on a machine taken for steady, where one variant alone was compared.
 */
export function movedTogether(
  { cells, runMove, leastMoved }: Judged,
  baseline: string | undefined,
): string | undefined {
  const variants = new Set(cells.map(({ variant }) => variant));
  const several = variants.size > 1 && baseline !== undefined;
  if (runMove === 0 && !several) return undefined;
  const slower = cells.every(({ ratio }) => ratio > 1);
  if (!slower && !cells.every(({ ratio }) => ratio < 1)) return undefined;
  const moved = cells.filter((cell) => hasMoved(cell, slower));
  if (moved.length * 2 < cells.length) return undefined;
  const what = cells.length === 1 ? 'the one cell is' : 'all cells are';
  const then = several
    ? `--relative-to ${baseline} says how they stand to each other, several runs a side how far runs lie apart`
    : 'several runs a side show how far runs lie apart';
  return (
    `${what} ${slower ? 'slower' : 'faster'}, by ${spanOf(cells)} %: one run a side cannot tell whether the models are or the ` +
    `machine was${leftToIt({ runMove, leastMoved })}; ${then}`
  );
}

function hasMoved({ verdict, rankBased }: ComparedCell, slower: boolean): boolean {
  return verdict === (slower ? 'regressed' : 'improved') || (rankBased !== null && rankBased.p <= BY_RANKS);
}

function spanOf(cells: readonly ComparedCell[]): string {
  const sizes = cells.map(({ ratio }) => 100 * Math.abs(ratio - 1));
  const [least, most] = [Math.min(...sizes).toFixed(1), Math.max(...sizes).toFixed(1)];
  return least === most ? least : `${least} to ${most}`;
}

function leftToIt({ runMove, leastMoved }: Omit<Judged, 'cells'>): string {
  if (runMove === 0 || leastMoved === null) return '';
  return `, so what ${labelOf(leastMoved.group)} moved by is left to the machine, up to ${percentOf(runMove)} (--run-move)`;
}
