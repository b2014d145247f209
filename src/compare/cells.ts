import type { MeasurementRecord } from '../records/index.js';
import { VARIANT_IDS, type Cell } from '../spec/index.js';
import { median } from '../statistics/index.js';
import type { ResultSet } from './result-set.js';

/** A cell with the server-side compute infer of each repeat, in µs; of several runs the median of each. */
export interface MeasuredCell extends Cell {
  readonly key: string;
  readonly microseconds: readonly number[];
  /** Number of the repeat of each of these; where they are runs, there is none. */
  readonly repeats?: readonly number[];
  /** What is judged instead: each time over that of another variant in the same repeat. Position by position. */
  readonly shares?: readonly number[];
}

/** `native_tf-b32-c1`: the same in every run. */
export function cellKey(cell: Cell): string {
  return `${cell.variant}-b${cell.batch}-c${cell.concurrency}`;
}

/** Measured cells by key, row by row as in the page's table. */
export function cellsIn({ records, runs }: Pick<ResultSet, 'records' | 'runs'>): Map<string, MeasuredCell> {
  if (runs !== undefined) return mediansOf(runs.map(cellsIn));
  const cells = new Map<string, MeasuredCell & { microseconds: number[]; repeats: number[] }>();
  for (const { variant, batch, concurrency, repeat, server } of records) {
    if (server?.compute_infer_us == null) continue;
    const key = cellKey({ variant, batch, concurrency });
    const cell = cells.get(key) ?? { key, variant, batch, concurrency, microseconds: [], repeats: [] };
    cell.microseconds.push(server.compute_infer_us);
    cell.repeats.push(repeat);
    cells.set(key, cell);
  }
  return inRows(cells.values());
}

/**
 * The cells of all other variants, with the repeats in which that variant has been measured too: what is the matter with a
 * machine or a start of Triton, both have alike, and their share of each other has not.
 */
export function cellsRelativeTo(
  reference: string,
  { records, runs }: Pick<ResultSet, 'records' | 'runs'>,
): Map<string, MeasuredCell> {
  if (runs !== undefined) return mediansOf(runs.map((run) => cellsRelativeTo(reference, run)));
  const place = ({ batch, concurrency, repeat }: MeasurementRecord) => `${batch} ${concurrency} ${repeat}`;
  const timed = records.filter(({ server }) => server?.compute_infer_us != null);
  const beside = new Map(timed.flatMap((one) => (one.variant === reference ? [[place(one), one] as const] : [])));
  const paired = timed.filter((one) => one.variant !== reference && beside.has(place(one)));
  // The same repeats of the other variant, in the same order, so that times stand side by side.
  const partners = cellsIn({
    records: paired.map((one) => ({ ...one, server: beside.get(place(one))?.server ?? null })),
  });
  return new Map(
    [...cellsIn({ records: paired })].map(([key, cell]) => {
      const others = partners.get(key)?.microseconds ?? [];
      return [key, { ...cell, shares: cell.microseconds.map((us, index) => us / (others[index] ?? NaN)) }];
    }),
  );
}

/** Each run's median in the place of its repeats. A run that has not measured a cell has no value there. */
function mediansOf(runs: readonly ReadonlyMap<string, MeasuredCell>[]): Map<string, MeasuredCell> {
  const byKey = new Map<string, MeasuredCell>();
  for (const [key, { variant, batch, concurrency, microseconds, shares }] of runs.flatMap((cells) => [...cells])) {
    const earlier = byKey.get(key);
    byKey.set(key, {
      ...{ key, variant, batch, concurrency },
      microseconds: [...(earlier?.microseconds ?? []), median(microseconds)],
      ...(shares === undefined ? {} : { shares: [...(earlier?.shares ?? []), median(shares)] }),
    });
  }
  return inRows(byKey.values());
}

function inRows(cells: Iterable<MeasuredCell>): Map<string, MeasuredCell> {
  const column = ({ variant }: Cell) => VARIANT_IDS.indexOf(variant);
  const sorted = [...cells].sort((a, b) => a.batch - b.batch || column(a) - column(b));
  return new Map(sorted.map((cell) => [cell.key, cell]));
}
