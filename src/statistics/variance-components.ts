import { requirePositive } from './checks.js';
import { at } from './median.js';
import { mean, squaresAround } from './moments.js';

/** The values of one run of one cell: its windows, or one value where only the mean is known. */
export interface RunValues {
  readonly node: string;
  readonly gpu: string;
  /** Names the repeat on its GPU. */
  readonly run: string;
  readonly values: readonly number[];
}

export type Level = 'node' | 'gpu' | 'run' | 'within';

export interface VarianceComponent {
  readonly level: Level;
  /** Variance of the logarithms; null where the data cannot say, e.g. between nodes with one node. */
  readonly variance: number | null;
  /** Standard deviation of the logarithms: for small ones, the coefficient of variation as a share of the value. */
  readonly deviation: number | null;
  /** Share of the sum of all components that could be estimated, 0 to 1. */
  readonly share: number | null;
  /** How many there are: nodes, GPUs, runs, values. */
  readonly groups: number;
  readonly degreesOfFreedom: number;
  /** The estimate was below 0 and is taken as 0: what is above explains no more than what is below it already does. */
  readonly negative: boolean;
}

const LEVELS: readonly Level[] = ['node', 'gpu', 'run', 'within'];

/**
 * Where the variance comes from: between nodes, between GPUs of a node, between runs of a GPU, within a run; for one cell, on
 * logarithms. Nested analysis of variance, method of moments for unbalanced data: each sum of squares is set equal to its
 * expectation, from within upwards. A level without degrees of freedom has no estimate, and what it adds shows in the level
 * above it. Negative estimates are set to 0 and marked. Source: Searle, Casella and McCulloch, Variance Components, 1992,
 * section 3.6 and chapter 5. Throws RangeError on no runs, a run without values, or values not above 0.
 */
export function varianceComponents(runs: readonly RunValues[]): VarianceComponent[] {
  if (runs.length === 0) throw new RangeError('runs: none; variance components need at least one');
  const all = runs.flatMap(({ node, gpu, run, values }) => {
    requirePositive(values, `values of run ${run} on GPU ${gpu} of node ${node}`);
    return values.map(Math.log);
  });
  // Logarithms around their mean: the sums of squares below then lose no digits.
  const middle = mean(all);
  const whole = emptyGroup();
  for (const { node, gpu, run, values } of runs) {
    const logs = values.map((value) => Math.log(value) - middle);
    let group = add(whole, logs);
    for (const name of [node, gpu, run]) {
      const inner = group.inner.get(name) ?? emptyGroup();
      group.inner.set(name, inner);
      group = add(inner, logs);
    }
  }
  const squares = squaresAround(middle, all);
  return withShares(solve(levelsOf(whole), squares, all.length));
}

interface Group {
  n: number;
  sum: number;
  readonly inner: Map<string, Group>;
}

function emptyGroup(): Group {
  return { n: 0, sum: 0, inner: new Map() };
}

function add(group: Group, logs: readonly number[]): Group {
  group.n += logs.length;
  group.sum += logs.reduce((sum, log) => sum + log, 0);
  return group;
}

/** Groups from the whole inwards: 0 the whole, 1 nodes, 2 GPUs, 3 runs. Level 4, the values themselves, has no groups. */
function levelsOf(whole: Group): Group[][] {
  const levels = [[whole]];
  for (let depth = 0; depth < 3; depth += 1) levels.push(at(levels, depth).flatMap(({ inner }) => [...inner.values()]));
  return levels;
}

interface Estimate {
  readonly level: Level;
  readonly variance: number | null;
  readonly groups: number;
  readonly degreesOfFreedom: number;
  readonly negative: boolean;
}

/** E[SS of a level] = sum over it and deeper levels of variance times (coefficient here - coefficient one level out). */
function solve(levels: readonly Group[][], squares: number, n: number): Estimate[] {
  const estimates: Estimate[] = [];
  const sumOfSquares = (depth: number): number =>
    depth === 4 ? squares : at(levels, depth).reduce((sum, group) => sum + group.sum ** 2 / group.n, 0);
  const groupsAt = (depth: number): number => (depth === 4 ? n : at(levels, depth).length);
  for (let depth = 4; depth >= 1; depth -= 1) {
    const degreesOfFreedom = groupsAt(depth) - groupsAt(depth - 1);
    let rest = sumOfSquares(depth) - sumOfSquares(depth - 1);
    for (const { level, variance } of estimates) {
      const of = LEVELS.indexOf(level) + 1;
      rest -= (variance ?? 0) * (coefficient(levels, depth, of) - coefficient(levels, depth - 1, of));
    }
    const own = coefficient(levels, depth, depth) - coefficient(levels, depth - 1, depth);
    const estimate = degreesOfFreedom === 0 ? null : rest / own;
    estimates.unshift({
      level: at(LEVELS, depth - 1),
      variance: estimate === null ? null : Math.max(0, estimate),
      groups: groupsAt(depth),
      degreesOfFreedom,
      negative: estimate !== null && estimate < 0,
    });
  }
  return estimates;
}

/** Over the groups at a depth: squared sizes of the level's groups inside them, divided by their own size. */
function coefficient(levels: readonly Group[][], depth: number, level: number): number {
  // Every value is a group of one.
  if (level === 4) return depth === 4 ? at(at(levels, 0), 0).n : at(levels, depth).length;
  return at(levels, depth).reduce((sum, group) => sum + squaredSizes(group, level - depth) / group.n, 0);
}

function squaredSizes(group: Group, deeper: number): number {
  if (deeper === 0) return group.n ** 2;
  let sum = 0;
  for (const inner of group.inner.values()) sum += squaredSizes(inner, deeper - 1);
  return sum;
}

function withShares(estimates: readonly Estimate[]): VarianceComponent[] {
  const total = estimates.reduce((sum, { variance }) => sum + (variance ?? 0), 0);
  return estimates.map((estimate) => ({
    ...estimate,
    deviation: estimate.variance === null ? null : Math.sqrt(estimate.variance),
    share: estimate.variance === null || total === 0 ? null : estimate.variance / total,
  }));
}
