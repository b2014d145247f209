import { compareGrid, DEFAULT_OPTIONS, UNSTEADY_OPTIONS, type Overall } from '../verdict/index.js';

/** One run as history shows it. */
export interface HistoryRun {
  readonly run: string;
  /** ISO 8601; null where nothing says. */
  readonly createdAt: string | null;
  readonly spec: string | null;
  readonly specHash: string | null;
  readonly hardware: string | null;
  /** Whether some of it was measured where there was no GPU. */
  readonly withoutGpu: boolean;
  /** Null while there is no ledger. */
  readonly expected: number | null;
  readonly measured: number | null;
  /** Variants of the spec, the last of which is the contender. */
  readonly variants: readonly string[];
  readonly cells: readonly HistoryCell[];
}

/** A cell of a run: the median of `compute infer` over its repeats, in µs. */
export interface HistoryCell {
  readonly variant: string;
  readonly batch: number;
  readonly concurrency: number;
  /** Of each repeat that counts, in µs. */
  readonly valuesUs: readonly number[];
  /** The number of each of these. */
  readonly repeats: readonly number[];
  readonly medianUs: number;
}

export interface HistoryLine extends HistoryRun {
  /** The last run before it of the same spec on the same hardware; null if there is none. */
  readonly previous: string | null;
  /** Geometric mean over all cells in common of this run's median / the previous one's; above 1 is slower. */
  readonly change: number | null;
  /** Of these cells as `hps-bench compare` judges them, with its usual margin; null where there are none. */
  readonly verdict: Overall | null;
  readonly chosen: readonly ChosenCell[];
}

export interface ChosenCell {
  /** `native_tf-b32-c1`, as a measurement's id without its repeat; null where the run has no such cell. */
  readonly cell: string | null;
  readonly medianUs: number | null;
  readonly change: number | null;
}

export const cellKey = ({
  variant,
  batch,
  concurrency,
}: Pick<HistoryCell, 'variant' | 'batch' | 'concurrency'>): string => `${variant}-b${batch}-c${concurrency}`;

/**
 * Each run beside the one before it of the same spec and hardware. Pure.
 * @param runs in any order; those of unknown date come first, and have no other before them
 * @param wanted cells by key; none: of each run its contender at its largest batch
 */
export function historyLines(runs: readonly HistoryRun[], wanted: readonly string[] = []): HistoryLine[] {
  const last = new Map<string, HistoryRun>();
  const inOrder = [...runs].sort((a, b) => compare(a.createdAt ?? '', b.createdAt ?? '') || compare(a.run, b.run));
  return inOrder.map((run) => {
    const group = groupOf(run);
    const previous = group === undefined ? undefined : last.get(group);
    // A run without a figure says nothing about the next one.
    if (group !== undefined && run.cells.length > 0) last.set(group, run);
    return {
      ...run,
      previous: previous?.run ?? null,
      change: geometricMean(ratios(run, previous)),
      verdict: verdictOf(run, previous),
      chosen: (wanted.length > 0 ? wanted : [contender(run)]).map((key) => chosenCell(run, previous, key)),
    };
  });
}

/** What must be alike for two runs to be compared; undefined where something of it is unknown. */
function groupOf({ specHash, hardware, createdAt }: HistoryRun): string | undefined {
  if (specHash === null || hardware === null || createdAt === null) return undefined;
  return `${specHash} ${hardware}`;
}

function contender({ cells, variants }: HistoryRun): string | undefined {
  const variant = variants.at(-1) ?? cells.at(-1)?.variant;
  const largest = cells.filter((cell) => cell.variant === variant).sort((a, b) => b.batch - a.batch)[0];
  return largest && cellKey(largest);
}

function chosenCell(run: HistoryRun, previous: HistoryRun | undefined, key: string | undefined): ChosenCell {
  const now = medianOf(run, key);
  const before = previous && medianOf(previous, key);
  if (key === undefined || now === undefined) return { cell: null, medianUs: null, change: null };
  return { cell: key, medianUs: now, change: before === undefined ? null : now / before };
}

function medianOf(run: HistoryRun, key: string | undefined): number | undefined {
  return run.cells.find((cell) => cellKey(cell) === key)?.medianUs;
}

function ratios(run: HistoryRun, previous: HistoryRun | undefined): number[] {
  const before = new Map(previous?.cells.map((cell) => [cellKey(cell), cell.medianUs]));
  return run.cells.flatMap((cell) => {
    const old = before.get(cellKey(cell));
    return old === undefined || old <= 0 || cell.medianUs <= 0 ? [] : [cell.medianUs / old];
  });
}

function verdictOf(run: HistoryRun, previous: HistoryRun | undefined): Overall | null {
  const before = new Map(previous?.cells.map((cell) => [cellKey(cell), cell]));
  const cells = run.cells.flatMap((cell) => {
    const other = before.get(cellKey(cell));
    const [a, b] = [cell.valuesUs, other?.valuesUs ?? []];
    // A time of 0 is no time; the report says what is wrong with it.
    const comparable = a.length > 0 && b.length > 0 && [...a, ...b].every((us) => us > 0);
    const repeats = { a: cell.repeats, b: other?.repeats ?? [] };
    return comparable ? [{ key: cellKey(cell), group: cell.variant, a, b, repeats }] : [];
  });
  // Two runs of a group are of the same hardware.
  const options = run.withoutGpu ? UNSTEADY_OPTIONS : DEFAULT_OPTIONS;
  return cells.length === 0 ? null : compareGrid(cells, options).overall;
}

function geometricMean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
