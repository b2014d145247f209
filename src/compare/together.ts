import type { ComparedCell } from './comparison.js';

/**
 * A sentence where all cells of two runs moved the same way, at least half of them beyond doubt, and so perhaps the machine did;
 * undefined where they did not, or where one variant alone was compared.
 */
export function movedTogether(cells: readonly ComparedCell[], baseline: string | undefined): string | undefined {
  const variants = new Set(cells.map(({ variant }) => variant));
  if (variants.size < 2 || baseline === undefined) return undefined;
  const slower = cells.every(({ ratio }) => ratio > 1);
  if (!slower && !cells.every(({ ratio }) => ratio < 1)) return undefined;
  const called = cells.filter(({ verdict }) => verdict === (slower ? 'regressed' : 'improved'));
  if (called.length * 2 < cells.length) return undefined;
  const sizes = cells.map(({ ratio }) => Math.abs(ratio - 1));
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map((size) => (100 * size).toFixed(1));
  return (
    `all cells are ${slower ? 'slower' : 'faster'}, by ${least ?? ''} to ${most ?? ''} %: one run a side cannot tell whether the ` +
    `models are or the machine was; --relative-to ${baseline} says how they stand to each other, several runs a side how far runs lie apart`
  );
}
