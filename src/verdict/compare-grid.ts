import { hodgesLehmannRatio, mannWhitney, outliers, partlyKnownReach, type Interval } from '../statistics/index.js';
import { evidenceOf, FEWEST_FOR_INTERVAL, standardError, type CellEvidence } from './evidence.js';
import { DEFAULT_OPTIONS, type CellComparison, type CellVerdict, type ComparedCell } from './grid.js';
import type { CompareOptions, GridComparison, Overall, RankBased } from './grid.js';
import { neededRepeats } from './needed.js';
import { runMove } from './run-move.js';
import { commonShift, significances, type Significance } from './significance.js';

const LEVEL = 0.95;

/**
 * Verdict of every cell of a grid, and of the whole. Same (reproduced, against a published figure): the 95 % interval of the
 * ratio lies within the margin. Regressed, improved: not that, the difference is significant after Holm's correction over the
 * grid, and larger than half the margin; against a published figure, significantly beyond the margin. Else inconclusive.
 * Where the machine may have moved a whole run, a cell must differ from that too: see runMove.
 * docs/statistics.md has the reasons and the simulated figures.
 * Throws RangeError on values that are not above 0, empty sides, a key that comes twice, or options out of range.
 */
export function compareGrid(cells: readonly ComparedCell[], options: CompareOptions = DEFAULT_OPTIONS): GridComparison {
  requireOptions(cells, options);
  const limits = {
    ...{ margin: Math.log1p(options.margin), negligible: Math.log1p(options.margin / 2) },
    least: Math.log1p(options.atLeast ?? 0),
  };
  const evidence = evidenceOf(cells, options.counted);
  const common = commonShift(evidence.cells, options.alpha, limits.negligible);
  const significance = significances(evidence, common, limits);
  const move = options.runMove ? runMove(evidence.cells, Math.log1p(options.runMove), limits.least) : null;
  const shared = farther(common ?? 0, move?.allowed ?? 0);
  const compared = evidence.cells.map((cell, index): CellComparison => {
    const { p, adjustedP } = stricter(significance[index], move?.significance[index]);
    const steady = intervalOf(cell, cell.published ? 0 : (common ?? 0));
    const interval = move === null ? steady : hull(steady, intervalOf(cell, shared, move.apart[index]));
    const verdict = verdictOf(cell, { steady, interval }, adjustedP <= options.alpha, limits);
    const { key, a, b } = cell.compared;
    return {
      key,
      ratio: Math.exp(cell.effect),
      interval,
      p,
      adjustedP,
      verdict,
      n: { a: a.length, b: typeof b === 'number' ? 1 : b.length },
      needed:
        verdict === 'inconclusive' ? neededRepeats(cell, { ...limits, ...options, shared, cells: cells.length }) : null,
      outliers: { a: outliers(a), b: typeof b === 'number' ? [] : outliers(b) },
      rankBased: typeof b === 'number' ? null : rankBased(a, b),
    };
  });
  return {
    cells: compared,
    overall: overallOf(compared.map(({ verdict }) => verdict)),
    commonRatio: Math.exp(common ?? 0),
    leastMoved: move === null ? null : { group: move.group, ratio: Math.exp(move.moved) },
  };
}

/** Both have to be significant. */
function stricter(one: Significance = { p: 1, adjustedP: 1 }, other: Significance = one): Significance {
  return { p: Math.max(one.p, other.p), adjustedP: Math.max(one.adjustedP, other.adjustedP) };
}

/** Whichever is farther from 0. */
const farther = (a: number, b: number): number => (Math.abs(a) > Math.abs(b) ? a : b);

/**
 * Of the ratio with and without what the cells have in common: nobody knows whether that is drift or a difference.
 * @param apart the cell without it, where that is less certain than the cell itself
 */
function intervalOf(cell: CellEvidence, common: number, apart?: CellEvidence | null): Interval | null {
  const { degreesOfFreedom } = cell.total;
  if (cell.fewest < FEWEST_FOR_INTERVAL || degreesOfFreedom === 0) return null;
  const error = Math.max(standardError(cell, cell.total), apart ? standardError(apart, apart.total) : 0);
  const reach = error === 0 ? 0 : partlyKnownReach(Math.abs(common) / error, LEVEL, degreesOfFreedom) * error;
  const low = cell.effect - Math.max(0, common) - reach;
  const high = cell.effect - Math.min(0, common) + reach;
  return { low: Math.exp(low), high: Math.exp(high), level: LEVEL };
}

/** From the lower of the lower ends to the higher of the higher. */
function hull(a: Interval | null, b: Interval | null): Interval | null {
  return a && b && { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high), level: LEVEL };
}

/** @param intervals with what the machine may have done to the run, and on a steady one, which can only be narrower */
function verdictOf(
  { effect, published }: CellEvidence,
  { interval, steady }: { interval: Interval | null; steady: Interval | null },
  significant: boolean,
  { margin, negligible }: { margin: number; negligible: number },
): CellVerdict {
  const within = (one: Interval | null): boolean =>
    one !== null && Math.log(one.low) >= -margin && Math.log(one.high) <= margin;
  if (within(interval)) return published ? 'reproduced' : 'same';
  if (within(steady) || !significant || Math.abs(effect) <= negligible) return 'inconclusive';
  return effect > 0 ? 'regressed' : 'improved';
}

function rankBased(a: readonly number[], b: readonly number[]): RankBased {
  return { ...hodgesLehmannRatio(a, b, LEVEL), p: mannWhitney(a, b).p };
}

/** One regressed cell is a regression; a cell without a verdict leaves the whole without one. */
export function overallOf(verdicts: readonly CellVerdict[]): Overall {
  if (verdicts.includes('regressed')) return 'regressed';
  if (verdicts.includes('inconclusive')) return 'inconclusive';
  return verdicts.includes('improved') ? 'improved' : 'pass';
}

function requireOptions(cells: readonly ComparedCell[], options: CompareOptions): void {
  const { margin, alpha } = options;
  if (cells.length === 0) throw new RangeError('cells: none to compare');
  if (!(margin > 0 && margin <= 1)) throw new RangeError(`margin is ${margin}; a share above 0, e.g. 0.05 for 5 %`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; it must be between 0 and 1, e.g. 0.003`);
  requireMachine(cells, options);
  const keys = new Set<string>();
  for (const { key, a, b } of cells) {
    if (keys.has(key)) throw new RangeError(`cell ${key} comes twice`);
    keys.add(key);
    requireTimes(a, `a of ${key}`);
    requireTimes(typeof b === 'number' ? [b] : b, `b of ${key}`);
  }
}

function requireMachine(
  cells: readonly ComparedCell[],
  { margin, counted, runMove: move = 0, atLeast = 0 }: CompareOptions,
): void {
  if (!(move >= 0 && move < 1))
    throw new RangeError(`runMove is ${move}; a share from 0 to below 1, e.g. 0.2 for 20 %`);
  if (!(atLeast >= 0 && atLeast <= margin))
    throw new RangeError(`atLeast is ${atLeast}; a share from 0 to the margin of ${margin}`);
  if (move > 0 && (counted === 'runs' || cells.some(({ b }) => typeof b === 'number')))
    throw new RangeError(`runMove is ${move}; it is for the repeats of one run against those of another`);
}

function requireTimes(values: readonly number[], name: string): void {
  if (values.length === 0)
    throw new RangeError(`${name}: no values; a cell without values is missing and is not compared`);
  const wrong = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new RangeError(`${name}: ${String(wrong)} is no time; it must be a number above 0`);
}
