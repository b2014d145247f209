/** Campaigns of several runs a side, on a machine that moves whole runs: judged by the first of each, and with each run once. */
import { median } from '../../src/statistics/index.js';
import { compareGrid, DEFAULT_OPTIONS, type GridComparison } from '../../src/verdict/index.js';
import { scaled } from './fixed.js';
import { CELLS, deviations, random, steady, type Random } from './noise.js';

export interface RunsPass {
  readonly kind: 'same' | 'shifted';
  /** Runs a side, and repeats of each. */
  readonly runs: number;
  readonly repeats: number;
  /** CV of what moves all cells of a run alike, of what moves one cell of a run, and of one repeat. */
  readonly cv: { readonly run: number; readonly cell: number; readonly repeat: number };
}

/** Two ways to judge the same measurements. */
export const JUDGES = {
  'first runs': 'the repeats of the first run of each side, as of two runs',
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
  /** Share of the cells found, where all are slower. */
  readonly power: number | null;
  /** Share of the unchanged cells called the same. */
  readonly same: number | null;
  /** Share of the ratio's 95 % intervals that contain the truth. */
  readonly covered: number;
}

/** All cells of a shifted campaign are a tenth slower: what a new release does to a model. */
export const RUNS_SHIFT = 1.1;

interface Count {
  alarms: number;
  found: number;
  same: number;
  covered: number;
}

const nothing = (): Count => ({ alarms: 0, found: 0, same: 0, covered: 0 });

export function runRuns(pass: RunsPass, campaigns: number, seed: number, tick: (share: number) => void): RunsResult {
  const source = random(seed);
  const truth = pass.kind === 'shifted' ? RUNS_SHIFT : 1;
  const counts: Record<Judge, Count> = { 'first runs': nothing(), 'each run once': nothing() };
  for (let index = 0; index < campaigns; index += 1) {
    tick(index / campaigns);
    const [a, b] = [side(source, pass, truth), side(source, pass, 1)];
    for (const judge of Object.keys(counts) as Judge[]) add(counts[judge], judged(judge, a, b), truth);
  }
  const resultOf = ({ alarms, found, same, covered }: Count): JudgeResult => {
    const cells = campaigns * CELLS;
    const unchanged = pass.kind === 'same';
    return {
      falseAlarms: unchanged ? alarms / campaigns : null,
      power: unchanged ? null : found / cells,
      same: unchanged ? same / cells : null,
      covered: covered / cells,
    };
  };
  return {
    ...pass,
    campaigns,
    judges: {
      'first runs': resultOf(counts['first runs']),
      'each run once': resultOf(counts['each run once']),
    },
  };
}

/** For each run its cells, for each cell its repeats. A cell's true time is 1000 times the factor. */
type Side = readonly (readonly (readonly number[])[])[];

function side(source: Random, { runs, repeats, cv }: RunsPass, factor: number): Side {
  const spread = deviations(source, 'normal', cv.repeat);
  return Array.from({ length: runs }, () => {
    const run = cv.run * source.normal();
    const cells = steady(source, 'normal', spread, repeats);
    return cells.map((values) => scaled(values, factor * Math.exp(run + cv.cell * source.normal())));
  });
}

function judged(judge: Judge, a: Side, b: Side): GridComparison {
  const values = (of: Side, cell: number): readonly number[] => {
    const runs = of.map((run) => run[cell] ?? []);
    return judge === 'first runs' ? (runs[0] ?? []) : runs.map((repeats) => median(repeats));
  };
  const cells = Array.from({ length: CELLS }, (_, cell) => ({
    ...{ key: String(cell), a: values(a, cell), b: values(b, cell) },
  }));
  return compareGrid(cells, { ...DEFAULT_OPTIONS, counted: judge === 'each run once' ? 'runs' : 'repeats' });
}

function add(count: Count, { cells }: GridComparison, truth: number): void {
  const verdicts = cells.map(({ verdict }) => verdict);
  if (verdicts.some((verdict) => verdict === 'regressed' || verdict === 'improved')) count.alarms += 1;
  count.found += verdicts.filter((verdict) => verdict === 'regressed').length;
  count.same += verdicts.filter((verdict) => verdict === 'same').length;
  count.covered += cells.filter(
    ({ interval }) => interval !== null && interval.low <= truth && truth <= interval.high,
  ).length;
}
