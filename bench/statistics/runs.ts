/** Campaigns of several runs a side, on a machine that moves whole runs: judged by the first of each, in two ways, and with each run once. */
import { median } from '../../src/statistics/index.js';
import {
  compareGrid,
  DEFAULT_OPTIONS,
  UNSTEADY_OPTIONS,
  UNSTEADY_RUN_MOVE,
  type GridComparison,
} from '../../src/verdict/index.js';
import { scaled } from './fixed.js';
import { CELLS, deviations, random, steady, type Random } from './noise.js';

export interface RunsPass {
  /** No cell is slower in a, all are, or those of one variant. */
  readonly kind: 'same' | 'shifted' | 'one variant';
  /** Runs a side, and repeats of each. */
  readonly runs: number;
  readonly repeats: number;
  /** CV of what moves all cells of a run alike, of what moves one cell of a run, and of one repeat. */
  readonly cv: { readonly run: number; readonly cell: number; readonly repeat: number };
}

/** Ways to judge the same measurements. */
export const JUDGES = {
  'first runs': 'the repeats of the first run of each side, as of two runs on a steady machine',
  'first runs, moved': `the same, as on a machine that may have moved a whole run by up to ${100 * UNSTEADY_RUN_MOVE} %`,
  'each run once': 'the median of each run',
} as const;
export type Judge = keyof typeof JUDGES;

export interface RunsResult extends RunsPass {
  readonly campaigns: number;
  readonly judges: Readonly<Record<Judge, JudgeResult>>;
}

export interface JudgeResult {
  /** Share of the campaigns in which any cell is regressed or improved, where none is; of shifted ones null. */
  readonly falseAlarms: number | null;
  /** Share of the slower cells found. */
  readonly power: number | null;
  /** Share of the unchanged cells called the same. */
  readonly same: number | null;
  /** Share of the ratio's 95 % intervals that contain the truth. */
  readonly covered: number;
}

/** What is slower is slower by a tenth: what a new release does to a model. */
export const RUNS_SHIFT = 1.1;
/** Variants of the grid. */
const VARIANTS = 4;

interface Count {
  alarms: number;
  found: number;
  same: number;
  covered: number;
}

const nothing = (): Count => ({ alarms: 0, found: 0, same: 0, covered: 0 });

export function runRuns(pass: RunsPass, campaigns: number, seed: number, tick: (share: number) => void): RunsResult {
  const source = random(seed);
  const truths = Array.from({ length: CELLS }, (_, cell) => truthOf(pass.kind, cell));
  const unchanged = truths.map(() => 1);
  const judges = Object.keys(JUDGES) as Judge[];
  const counts = new Map(judges.map((judge) => [judge, nothing()]));
  for (let index = 0; index < campaigns; index += 1) {
    tick(index / campaigns);
    const [a, b] = [side(source, pass, truths), side(source, pass, unchanged)];
    for (const [judge, count] of counts) add(count, judged(judge, a, b), truths);
  }
  const slower = truths.filter((truth) => truth > 1).length;
  const resultOf = (judge: Judge): JudgeResult => {
    const { alarms, found, same, covered } = counts.get(judge) ?? nothing();
    return {
      falseAlarms: slower === CELLS ? null : alarms / campaigns,
      power: slower === 0 ? null : found / (campaigns * slower),
      same: slower === CELLS ? null : same / (campaigns * (CELLS - slower)),
      covered: covered / (campaigns * CELLS),
    };
  };
  return {
    ...pass,
    campaigns,
    judges: {
      'first runs': resultOf('first runs'),
      'first runs, moved': resultOf('first runs, moved'),
      'each run once': resultOf('each run once'),
    },
  };
}

const variantOf = (cell: number): number => cell % VARIANTS;

function truthOf(kind: RunsPass['kind'], cell: number): number {
  return kind === 'shifted' || (kind === 'one variant' && variantOf(cell) === 0) ? RUNS_SHIFT : 1;
}

/** For each run its cells, for each cell its repeats. A cell's true time is 1000 times the factor. */
type Side = readonly (readonly (readonly number[])[])[];

function side(source: Random, { runs, repeats, cv }: RunsPass, factors: readonly number[]): Side {
  const spread = deviations(source, 'normal', cv.repeat);
  return Array.from({ length: runs }, () => {
    const run = cv.run * source.normal();
    const cells = steady(source, 'normal', spread, repeats);
    return cells.map((values, cell) =>
      scaled(values, (factors[cell] ?? NaN) * Math.exp(run + cv.cell * source.normal())),
    );
  });
}

function judged(judge: Judge, a: Side, b: Side): GridComparison {
  const values = (of: Side, cell: number): readonly number[] => {
    const runs = of.map((run) => run[cell] ?? []);
    return judge === 'each run once' ? runs.map((repeats) => median(repeats)) : (runs[0] ?? []);
  };
  const cells = Array.from({ length: CELLS }, (_, cell) => ({
    ...{ key: String(cell), group: String(variantOf(cell)), a: values(a, cell), b: values(b, cell) },
  }));
  return compareGrid(cells, {
    ...(judge === 'first runs, moved' ? UNSTEADY_OPTIONS : DEFAULT_OPTIONS),
    counted: judge === 'each run once' ? 'runs' : 'repeats',
  });
}

function add(count: Count, { cells }: GridComparison, truths: readonly number[]): void {
  const slower = cells.filter((_, cell) => (truths[cell] ?? 1) > 1);
  const unchanged = cells.filter((_, cell) => truths[cell] === 1);
  if (unchanged.some(({ verdict }) => verdict === 'regressed' || verdict === 'improved')) count.alarms += 1;
  count.found += slower.filter(({ verdict }) => verdict === 'regressed').length;
  count.same += unchanged.filter(({ verdict }) => verdict === 'same').length;
  count.covered += cells.filter(({ interval }, cell) => {
    const truth = truths[cell] ?? NaN;
    return interval !== null && interval.low <= truth && truth <= interval.high;
  }).length;
}
