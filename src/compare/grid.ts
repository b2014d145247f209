import { publishedLatency } from '../dlrm/published.js';
import { fittedBatches, perSample } from '../report/index.js';
import { VARIANTS } from '../spec/index.js';
import { median } from '../statistics/index.js';
import { compareGrid, type CompareOptions, type GridComparison } from '../verdict/index.js';
import type { MeasuredCell } from './cells.js';
import type { ComparedCell, ComparedSlope, ComparedSpeedUp } from './comparison.js';

/** A cell of the reference: the repeats of another run, or one published figure. */
export interface ReferenceCell extends Omit<MeasuredCell, 'microseconds'> {
  readonly microseconds: readonly number[] | number;
}

type Cells = ReadonlyMap<string, MeasuredCell>;
type References = ReadonlyMap<string, ReferenceCell>;

/** The page's figures for the cells that a run measured; the page has no other batch and only one request in flight. */
export function publishedCells(cells: Cells): Map<string, ReferenceCell> {
  const found = new Map<string, ReferenceCell>();
  for (const cell of cells.values()) {
    const figure = cell.concurrency === 1 ? publishedLatency(cell.variant, cell.batch) : undefined;
    if (figure?.exact === true) found.set(cell.key, { ...cell, microseconds: figure.microseconds, repeats: undefined });
  }
  return found;
}

/** Every cell that both sides have, judged as one grid. @throws RangeError if there is none, or a time is not above 0 */
export function compareCells(
  a: Cells,
  b: References,
  options: CompareOptions,
): Omit<GridComparison, 'cells'> & { cells: ComparedCell[] } {
  const pairs = [...a.values()].flatMap((cell) => {
    const other = b.get(cell.key);
    return other === undefined ? [] : [{ cell, other }];
  });
  const { cells, ...whole } = compareGrid(
    pairs.map(({ cell, other }) => ({
      key: cell.key,
      group: cell.variant,
      a: judgedOf(cell),
      b: judgedOf(other),
      repeats: cell.repeats && other.repeats && { a: cell.repeats, b: other.repeats },
    })),
    options,
  );
  const compared = cells.flatMap(({ key, outliers, ...judged }): ComparedCell[] => {
    const [cell, other] = [a.get(key), b.get(key)];
    if (cell === undefined || other === undefined) return [];
    const { variant, batch, concurrency } = cell;
    const figures = { aUs: median(cell.microseconds), bUs: median(repeatsOf(other)) };
    const far = { a: valuesAt(cell, outliers.a), b: valuesAt(other, outliers.b) };
    return [{ variant, label: labelOf(variant), batch, concurrency, ...figures, ...judged, outliers: far }];
  });
  return { cells: compared, ...whole };
}

/** The line of every variant that both sides have at two batches or more, over the batches that both have. */
export function compareSlopes(a: Cells, b: References): ComparedSlope[] {
  const shared = [...a.values()].filter(({ key }) => b.has(key));
  return [...new Set(shared.map(({ variant }) => variant))].flatMap((variant): ComparedSlope[] => {
    const ours = shared.filter((cell) => cell.variant === variant);
    const batches = fittedBatches(ours.map(({ batch }) => batch));
    const theirs = ours.flatMap(({ key, batch }) => {
      const other = b.get(key);
      return other === undefined ? [] : [{ batch, microseconds: repeatsOf(other) }];
    });
    const [first, second] = [perSample(ours, batches), perSample(theirs, batches)];
    if (first === undefined || second === undefined) return [];
    return [{ variant, label: labelOf(variant), a: first, b: second, ratio: first.nsPerSample / second.nsPerSample }];
  });
}

/** The speed-up of the last variant over the first at every batch that both sides have of both. */
export function compareSpeedUps(a: Cells, b: References, baseline: string, contender: string): ComparedSpeedUp[] {
  if (baseline === contender) return [];
  const find = (cells: References, variant: string, batch: number) =>
    [...cells.values()].find((cell) => cell.variant === variant && cell.batch === batch);
  const speedUp = (cells: References, batch: number): number | undefined => {
    const [above, below] = [find(cells, baseline, batch), find(cells, contender, batch)];
    return above === undefined || below === undefined ? undefined : median(repeatsOf(above)) / median(repeatsOf(below));
  };
  return [...new Set([...a.values()].map(({ batch }) => batch))].flatMap((batch): ComparedSpeedUp[] => {
    const [ours, theirs] = [speedUp(a, batch), speedUp(b, batch)];
    return ours === undefined || theirs === undefined ? [] : [{ batch, baseline, contender, a: ours, b: theirs }];
  });
}

/** The column heading of a variant; of one that this release does not know, its id. */
export function labelOf(variant: string): string {
  return VARIANTS.find(({ id }) => id === variant)?.label ?? variant;
}

const judgedOf = <T extends ReferenceCell>(cell: T): T['microseconds'] | readonly number[] =>
  cell.shares ?? cell.microseconds;

function repeatsOf({ microseconds }: ReferenceCell): readonly number[] {
  return typeof microseconds === 'number' ? [microseconds] : microseconds;
}

function valuesAt(cell: ReferenceCell, positions: readonly number[]): number[] {
  const repeats = repeatsOf(cell);
  return positions.flatMap((position) => repeats[position] ?? []);
}
