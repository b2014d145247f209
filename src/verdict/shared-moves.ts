import { median } from '../statistics/index.js';
import { FEWEST_CELLS } from './grid.js';

/** Share of a run's cells that must have been measured in a repeat to tell what it did to all of them. */
const LEAST_SHARE = 0.8;
/** Steps between the cells' centres and the repeats' moves; on a full grid the first all but settles it. */
const STEPS = 2;

/** Logarithms of one cell of a run, and the number of the repeat that each was measured in. */
export interface NumberedLogs {
  readonly logs: readonly number[];
  readonly repeats: readonly number[];
}

/**
 * The logarithms of a run without what the cells of each repeat have in common, such as the machine's mood or its drift. Median
 * polish (Tukey, Exploratory Data Analysis, 1977) of cells and repeats; the level of the run stays. Null where that cannot be
 * told: fewer than eight cells, or repeats that many of the cells lack, as where cells stop by themselves, for those that go on
 * are then no fair sample.
 */
export function withoutSharedMoves(cells: readonly NumberedLogs[]): number[][] | null {
  if (cells.length < FEWEST_CELLS) return null;
  const places = placesOf(cells);
  if ([...places.values()].some(({ length }) => length < LEAST_SHARE * cells.length)) return null;
  const moves = new Map<number, number>();
  const left = (log: number, repeat: number): number => log - (moves.get(repeat) ?? 0);
  for (let step = 0; step < STEPS; step += 1) {
    const centres = cells.map(({ logs, repeats }) =>
      median(logs.map((log, index) => left(log, repeats[index] ?? NaN))),
    );
    const found = [...places].map(([repeat, values]) => ({
      repeat,
      count: values.length,
      move: median(values.map(({ cell, log }) => log - (centres[cell] ?? NaN))),
    }));
    const all = found.reduce((sum, { count }) => sum + count, 0);
    const level = found.reduce((sum, { count, move }) => sum + count * move, 0) / all;
    for (const { repeat, move } of found) moves.set(repeat, move - level);
  }
  return cells.map(({ logs, repeats }) => logs.map((log, index) => left(log, repeats[index] ?? NaN)));
}

/** Every value of each repeat, with the position of its cell. */
function placesOf(cells: readonly NumberedLogs[]): Map<number, { cell: number; log: number }[]> {
  const places = new Map<number, { cell: number; log: number }[]>();
  cells.forEach(({ logs, repeats }, cell) => {
    logs.forEach((log, index) => {
      const repeat = repeats[index] ?? NaN;
      const values = places.get(repeat) ?? [];
      values.push({ cell, log });
      places.set(repeat, values);
    });
  });
  return places;
}
