import { hodgesLehmannRatio, holm, medianInterval, outliers, type Interval } from '../statistics/index.js';
import { evidenceOf, type CellEvidence } from './evidence.js';
import { DEFAULT_OPTIONS, type CellComparison, type CellVerdict, type ComparedCell } from './grid.js';
import type { CompareOptions, GridComparison, Overall } from './grid.js';
import { neededRepeats } from './needed.js';
import { beyondMargin, differenceFromRun } from './significance.js';

/** Fewest repeats a side with a 95 % interval: of the ratio to a run, of the median against a published figure. */
const FEWEST_FOR_RATIO = 4;
const FEWEST_FOR_MEDIAN = 6;

/**
 * Verdict of every cell of a grid, and of the whole. Same (reproduced, against a published figure): the 95 % interval of the
 * ratio lies within the margin. Regressed, improved: not that, the difference is significant after Holm's correction over the
 * grid, and larger than half the margin; against a published figure, significantly beyond the margin. Else inconclusive.
 * docs/statistics.md has the reasons and the simulated figures.
 * Throws RangeError on values that are not above 0, empty sides, a key that comes twice, or options out of range.
 */
export function compareGrid(cells: readonly ComparedCell[], options: CompareOptions = DEFAULT_OPTIONS): GridComparison {
  requireOptions(cells, options);
  const margin = Math.log1p(options.margin);
  const negligible = Math.log1p(options.margin / 2);
  const evidence = evidenceOf(cells);
  const runs = evidence.filter((_, index) => typeof cells[index]?.b !== 'number');
  const difference = differenceFromRun(runs, options.alpha, negligible);
  let run = 0;
  const p = evidence.map((cell, index) => {
    if (typeof cells[index]?.b === 'number') return beyondMargin(cell, margin);
    run += 1;
    return difference.p[run - 1] ?? 1;
  });
  const adjusted = holm(p);
  const compared = cells.map((cell, index): CellComparison => {
    const found = evidence[index];
    if (found === undefined) throw new RangeError(`no evidence of cell ${cell.key}`);
    const published = typeof cell.b === 'number';
    const { ratio, interval } = ratioOf(cell);
    const adjustedP = adjusted[index] ?? 1;
    const large = published || Math.abs(Math.log(ratio)) > negligible;
    const verdict = verdictOf(found, interval, margin, large && adjustedP <= options.alpha, published);
    const fewest = published ? FEWEST_FOR_MEDIAN : FEWEST_FOR_RATIO;
    const needs = { margin, negligible, alpha: options.alpha, cells: cells.length, fewest, published };
    return {
      key: cell.key,
      ratio,
      interval,
      p: p[index] ?? 1,
      adjustedP,
      verdict,
      n: { a: cell.a.length, b: typeof cell.b === 'number' ? 1 : cell.b.length },
      needed: verdict === 'inconclusive' ? neededRepeats(found, needs) : null,
      outliers: { a: outliers(cell.a), b: typeof cell.b === 'number' ? [] : outliers(cell.b) },
    };
  });
  return {
    cells: compared,
    overall: overallOf(compared.map(({ verdict }) => verdict)),
    commonRatio: Math.exp(difference.common),
  };
}

function ratioOf({ a, b }: ComparedCell): { ratio: number; interval: Interval | null } {
  if (typeof b !== 'number') return hodgesLehmannRatio(a, b);
  const { median, interval } = medianInterval(a);
  return {
    ratio: median / b,
    interval: interval && { low: interval.low / b, high: interval.high / b, level: interval.level },
  };
}

function verdictOf(
  { effect }: CellEvidence,
  interval: Interval | null,
  margin: number,
  different: boolean,
  published: boolean,
): CellVerdict {
  const within = interval !== null && Math.log(interval.low) >= -margin && Math.log(interval.high) <= margin;
  if (within) return published ? 'reproduced' : 'same';
  if (!different) return 'inconclusive';
  return effect > 0 ? 'regressed' : 'improved';
}

/** One regressed cell is a regression; a cell without a verdict leaves the whole without one. */
export function overallOf(verdicts: readonly CellVerdict[]): Overall {
  if (verdicts.includes('regressed')) return 'regressed';
  if (verdicts.includes('inconclusive')) return 'inconclusive';
  return verdicts.includes('improved') ? 'improved' : 'pass';
}

function requireOptions(cells: readonly ComparedCell[], { margin, alpha }: CompareOptions): void {
  if (cells.length === 0) throw new RangeError('cells: none to compare');
  if (!(margin > 0 && margin <= 1)) throw new RangeError(`margin is ${margin}; a share above 0, e.g. 0.05 for 5 %`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}; it must be between 0 and 1, e.g. 0.005`);
  const keys = new Set<string>();
  for (const { key, a, b } of cells) {
    if (keys.has(key)) throw new RangeError(`cell ${key} comes twice`);
    keys.add(key);
    requireAbove(a, `a of ${key}`);
    requireAbove(typeof b === 'number' ? [b] : b, `b of ${key}`);
  }
}

function requireAbove(values: readonly number[], name: string): void {
  if (values.length === 0)
    throw new RangeError(`${name}: no values; a cell without values is missing and is not compared`);
  const wrong = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new RangeError(`${name}: ${String(wrong)} is no time; it must be a number above 0`);
}
