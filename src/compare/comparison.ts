import type { PerSample } from '../report/index.js';
import type { CellComparison, CellVerdict, GridComparison } from '../verdict/index.js';
import type { Conditions } from './conditions.js';
import type { Difference } from './guard.js';

/** What is said of the whole, in the words of docs/design.md; `same` is said where B is another run. */
export type Verdict =
  'same' | 'reproduced' | 'regressed' | 'improved' | 'incomplete' | 'inconclusive' | 'environment invalid';

/** One cell on both sides. Times in µs; a ratio above 1 means that A is slower, see {@link Comparison.relativeTo}. */
export interface ComparedCell extends Omit<CellComparison, 'key' | 'outliers'> {
  readonly variant: string;
  readonly label: string;
  readonly batch: number;
  readonly concurrency: number;
  readonly aUs: number;
  readonly bUs: number;
  readonly verdict: CellVerdict;
  /** Measurements far from the rest, in µs: shown, never dropped. */
  readonly outliers: { readonly a: readonly number[]; readonly b: readonly number[] };
}

/** Nanoseconds a sample of one variant on both sides, over the same batches. */
export interface ComparedSlope {
  readonly variant: string;
  readonly label: string;
  readonly a: PerSample;
  readonly b: PerSample;
  readonly ratio: number;
}

/** How many times faster the contender is than the baseline at one batch, on both sides, from medians. */
export interface ComparedSpeedUp {
  readonly batch: number;
  readonly baseline: string;
  readonly contender: string;
  readonly a: number;
  readonly b: number;
}

export interface Side extends Pick<Conditions, 'hardware' | 'image' | 'others'> {
  readonly source: string;
  readonly runId: string;
  /** One, or the several that source and runId name in a row. */
  readonly runs: readonly { readonly source: string; readonly runId: string }[];
  readonly specHash: string;
  readonly measured: number;
  readonly expected: number | null;
}

/** A finished comparison as plain data. A is the candidate, B the reference. */
export interface Comparison {
  readonly a: Side;
  readonly b: Side;
  /** True where B is the published page. */
  readonly published: boolean;
  /** The variant that every ratio is relative to: how A / B of a cell stands to A / B of that variant. Null: to none. */
  readonly relativeTo: string | null;
  /** What one value of a cell is: a repeat, or, of several runs a side, the median of a run. */
  readonly counted: 'repeats' | 'runs';
  /** Share by which a cell may differ, such as 0.05. */
  readonly margin: number;
  /** Chance of any false alarm in the whole grid. */
  readonly alpha: number;
  /** Share by which the machine is taken to have moved one of the runs as a whole, at most; 0: it is taken for steady. */
  readonly runMove: number;
  /** Share that a difference must significantly exceed; 0 on a machine taken for steady. */
  readonly atLeast: number;
  readonly verdict: Verdict;
  readonly cells: readonly ComparedCell[];
  /** Why the figures of a side mean nothing, a sentence each: its machine drifted while it was measured. */
  readonly drifted: readonly string[];
  /** What is missing for a complete comparison, a sentence each. */
  readonly missing: readonly string[];
  readonly slopes: readonly ComparedSlope[];
  readonly speedUps: readonly ComparedSpeedUp[];
  /** Ratio by which cells without a difference of their own differ together; 1 where that is not known. */
  readonly commonRatio: number;
  /** The variant that moved least from one run to the other, and its ratio; null where runMove is 0. */
  readonly leastMoved: GridComparison['leastMoved'];
  /** Differences that were allowed. */
  readonly allowed: readonly Difference[];
  /** What else differs, or is worth knowing, a sentence each. */
  readonly notes: readonly string[];
}
