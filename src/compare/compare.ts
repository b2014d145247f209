import { publishedLatency } from '../dlrm/published.js';
import { fittedBatches, perSample } from '../report/index.js';
import { variantOf, VARIANT_IDS } from '../spec/index.js';
import { median } from '../statistics/index.js';
import { compareGrid } from '../verdict/index.js';
import type { CellVerdict, ComparedCell, ComparedSlope, ComparedSpeedUp, Verdict } from './comparison.js';
import { cellsIn, type MeasuredCell, type ResultSet } from './result-set.js';

/** A cell of the reference: the repeats of another run, or one published figure. */
export type ReferenceCell = MeasuredCell | (Omit<MeasuredCell, 'microseconds'> & { readonly microseconds: number });

/** The page's figures for exactly the cells that a run measured; it has no other batch and only one request in flight. */
export function publishedCells(cells: Iterable<MeasuredCell>): Map<string, ReferenceCell> {
  const found = new Map<string, ReferenceCell>();
  for (const cell of cells) {
    const figure = cell.concurrency === 1 ? publishedLatency(cell.variant, cell.batch) : undefined;
    if (figure?.exact === true) found.set(cell.key, { ...cell, microseconds: figure.microseconds });
  }
  return found;
}

export interface Options {
  readonly margin: number;
  readonly alpha: number;
}

/** Every cell that both sides have, judged as one grid. */
export function comparedCells(
  a: ReadonlyMap<string, MeasuredCell>,
  b: ReadonlyMap<string, ReferenceCell>,
  options: Options,
): { cells: ComparedCell[]; overall: 'pass' | 'regressed' | 'improved' | 'inconclusive' } {
  const pairs = [...a.values()].flatMap((cell) => {
    const other = b.get(cell.key);
    return other === undefined ? [] : [{ cell, other }];
  });
  const grid = compareGrid(
    pairs.map(({ cell, other }) => ({ key: cell.key, a: cell.microseconds, b: other.microseconds })),
    options,
  );
  const byKey = new Map(grid.cells.map((cell) => [cell.key, cell]));
  const cells = pairs.flatMap(({ cell, other }): ComparedCell[] => {
    const judged = byKey.get(cell.key);
    if (judged === undefined) return [];
    const { variant, batch, concurrency } = cell;
    const { ratio, interval, adjustedP, n, needed, outliers } = judged;
    const verdict = judged.verdict as CellVerdict;
    const figures = { aUs: median(cell.microseconds), bUs: centre(other), ratio, interval, adjustedP };
    return [{ variant, label: labelOf(variant), batch, concurrency, ...figures, verdict, n, needed, outliers }];
  });
  return { cells, overall: grid.overall };
}
