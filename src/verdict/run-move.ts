import { holm, median } from '../statistics/index.js';
import type { CellEvidence } from './evidence.js';
import { gridMoments } from './grid-moments.js';
import { logSample, sampleOf } from './log-sample.js';
import { pBeyond, pOfDifference, type Significance } from './significance.js';

/** How far the machine may have moved one run as a whole, and which cells differ by more than that. */
export interface RunMove {
  /** What moved least from one run to the other. */
  readonly group: string;
  /** Logarithm of the ratio by which that moved; its median where it has several cells. */
  readonly moved: number;
  /** The same as far as the machine may have done it. */
  readonly allowed: number;
  /** Each cell without what that group did in the same repeats; null for the one cell of such a group. */
  readonly apart: readonly (CellEvidence | null)[];
  /** Of "the machine did it", for each cell. */
  readonly significance: readonly Significance[];
}

/**
 * A machine that others use is slower or faster for minutes at a time, which moves a whole run and which no repeat of that run
 * tells. What is known is that it moved all of the run: no more than what moved least did, and at most by what is allowed for.
 * So a cell differs for a reason of its own only if it moved away from that group, each repeat against the same repeat of it, or
 * moved by more than is allowed for.
 * @param most logarithm of the ratio that is allowed for, above 0
 * @param least logarithm of the ratio that a difference must exceed
 */
export function runMove(cells: readonly CellEvidence[], most: number, least: number): RunMove {
  const { group, moved } = leastMoved(cells);
  const apart = apartFrom(cells, group);
  const ps = cells.map((cell, index) => {
    const rest = apart[index] ?? null;
    const alone = rest !== null && rest.effect * cell.effect > 0 ? pOfDifference(rest, least) : 1;
    return Math.min(alone, pBeyond(cell, Math.max(most, least)));
  });
  const adjusted = holm(ps);
  const significance = ps.map((p, index) => ({ p, adjustedP: adjusted[index] ?? 1 }));
  return { group, moved, allowed: Math.max(-most, Math.min(most, moved)), apart, significance };
}

const groupOf = ({ compared: { group, key } }: CellEvidence): string => group ?? key;

function leastMoved(cells: readonly CellEvidence[]): { group: string; moved: number } {
  const groups = [...new Set(cells.map(groupOf))].map((group) => ({
    group,
    moved: median(cells.filter((cell) => groupOf(cell) === group).map(({ effect }) => effect)),
  }));
  return groups.reduce((least, one) => (Math.abs(one.moved) < Math.abs(least.moved) ? one : least));
}

/** Logarithms of each side by the number of the repeat, both from the cell's one centre: how far apart the sides are stays. */
interface Moves {
  readonly key: string;
  readonly a: ReadonlyMap<number, number>;
  readonly b: ReadonlyMap<number, number>;
}

/** Every cell less what the group did in the same repeat of the same run; a cell of that group, less what the others of it did. */
function apartFrom(cells: readonly CellEvidence[], group: string): (CellEvidence | null)[] {
  const moves = cells.map(movesOf);
  const ofGroup = moves.filter((_, index) => cells[index] !== undefined && groupOf(cells[index]) === group);
  const found = cells.flatMap((cell, index) => {
    const own = moves[index];
    const others = ofGroup.filter(({ key }) => key !== own?.key);
    if (own === undefined || others.length === 0) return [];
    const sides = (['a', 'b'] as const).map((side) =>
      sampleOf(
        less(
          own[side],
          others.map((other) => other[side]),
        ),
      ),
    );
    return [{ index, cell, sides }];
  });
  const { moments, variances } = gridMoments(found.map(({ sides }) => sides));
  const apart: (CellEvidence | null)[] = cells.map(() => null);
  found.forEach(({ index, cell }, position) => {
    const [a, b] = moments[position] ?? [];
    const variance = variances[position];
    if (a === undefined || b === undefined || variance === undefined) return;
    const sizes = { perUnit: 1 / a.n + 1 / b.n, fewest: Math.min(a.n, b.n) };
    apart[index] = { ...cell, ...sizes, effect: a.mean - b.mean, own: variance, total: variance };
  });
  return apart;
}

function movesOf({ compared: { key, a, b, repeats } }: CellEvidence): Moves {
  const [ours, theirs] = [logSample(a), logSample(typeof b === 'number' ? [b] : b)];
  const centre = (ours.median + theirs.median) / 2;
  const numbered = (logs: readonly number[], numbers: readonly number[] | undefined) =>
    new Map(logs.map((log, index) => [numbers?.[index] ?? index, log - centre]));
  return { key, a: numbered(ours.logs, repeats?.a), b: numbered(theirs.logs, repeats?.b) };
}

/** What is left in each repeat; where none of the others has that repeat, their usual move counts. */
function less(own: ReadonlyMap<number, number>, others: readonly ReadonlyMap<number, number>[]): number[] {
  const usual = median(others.flatMap((other) => [...other.values()]));
  return [...own].map(([repeat, log]) => {
    const beside = others.flatMap((other) => other.get(repeat) ?? []);
    return log - (beside.length === 0 ? usual : median(beside));
  });
}
