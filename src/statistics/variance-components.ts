import { requirePositive } from './checks.js';
import { at } from './median.js';

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
  const observations = runs.flatMap(({ node, gpu, run, values }) => {
    requirePositive(values, `values of run ${run} on GPU ${gpu} of node ${node}`);
    return values.map((value) => ({ path: [node, gpu, run], log: Math.log(value) }));
  });
  // Values around their mean: the sums of squares below then lose no digits.
  const mean = observations.reduce((sum, { log }) => sum + log, 0) / observations.length;
  const levels = groupings(observations.map(({ path, log }) => ({ path, log: log - mean })));
  return withShares(solve(levels));
}

interface Group {
  n: number;
  sum: number;
  /** Sum of squared sizes of the groups inside it, for each deeper level. */
  readonly squares: number[];
}

/** The groups of each level: 0 the whole, 1 nodes, 2 GPUs, 3 runs, 4 the values themselves. */
function groupings(observations: readonly { path: readonly string[]; log: number }[]): Group[][] {
  const levels = Array.from({ length: 5 }, () => new Map<string, Group>());
  observations.forEach(({ path, log }, index) => {
    levels.forEach((groups, depth) => {
      const key = JSON.stringify(depth === 4 ? index : path.slice(0, depth));
      const group = groups.get(key) ?? { n: 0, sum: 0, squares: [0, 0, 0, 0, 0] };
      group.n += 1;
      group.sum += log;
      groups.set(key, group);
    });
  });
  // A group's size adds to the squares of every group around it, once: found through its first observation.
  const seen = new Set<Group>();
  observations.forEach(({ path }, index) => {
    const chain = levels.map((groups, depth) => groups.get(JSON.stringify(depth === 4 ? index : path.slice(0, depth))));
    chain.forEach((inner, depth) => {
      if (inner === undefined || seen.has(inner)) return;
      seen.add(inner);
      for (const outer of chain.slice(0, depth + 1)) {
        if (outer !== undefined) outer.squares[depth] = at(outer.squares, depth) + inner.n ** 2;
      }
    });
  });
  return levels.map((groups) => [...groups.values()]);
}

interface Estimate {
  readonly level: Level;
  readonly variance: number | null;
  readonly groups: number;
  readonly degreesOfFreedom: number;
  readonly negative: boolean;
}

/** E[SS of a level] = sum over it and deeper levels of variance times (coefficient here - coefficient one level out). */
function solve(levels: readonly Group[][]): Estimate[] {
  const estimates: Estimate[] = [];
  const sumOfSquares = (depth: number): number =>
    at(levels, depth).reduce((sum, group) => sum + group.sum ** 2 / group.n, 0);
  const coefficient = (depth: number, of: number): number =>
    at(levels, depth).reduce((sum, group) => sum + at(group.squares, Math.max(of, depth)) / group.n, 0);
  for (let depth = 4; depth >= 1; depth -= 1) {
    const groups = at(levels, depth).length;
    const degreesOfFreedom = groups - at(levels, depth - 1).length;
    let rest = sumOfSquares(depth) - sumOfSquares(depth - 1);
    for (const { level, variance } of estimates) {
      const of = LEVELS.indexOf(level) + 1;
      rest -= (variance ?? 0) * (coefficient(depth, of) - coefficient(depth - 1, of));
    }
    const estimate = degreesOfFreedom === 0 ? null : rest / (coefficient(depth, depth) - coefficient(depth - 1, depth));
    estimates.unshift({
      level: at(LEVELS, depth - 1),
      variance: estimate === null ? null : Math.max(0, estimate),
      groups,
      degreesOfFreedom,
      negative: estimate !== null && estimate < 0,
    });
  }
  return estimates;
}

function withShares(estimates: readonly Estimate[]): VarianceComponent[] {
  const total = estimates.reduce((sum, { variance }) => sum + (variance ?? 0), 0);
  return estimates.map((estimate) => ({
    ...estimate,
    deviation: estimate.variance === null ? null : Math.sqrt(estimate.variance),
    share: estimate.variance === null || total === 0 ? null : estimate.variance / total,
  }));
}
