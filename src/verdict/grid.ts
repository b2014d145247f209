import type { Interval, Ratio } from '../statistics/index.js';

export type CellVerdict = 'same' | 'reproduced' | 'regressed' | 'improved' | 'inconclusive';
export type Overall = 'pass' | 'regressed' | 'improved' | 'inconclusive';

export interface ComparedCell {
  readonly key: string;
  /** The candidate's repeats, e.g. in microseconds: one value a repeat, or one a run. */
  readonly a: readonly number[];
  /** The reference: another run's repeats, or a published figure. */
  readonly b: readonly number[] | number;
  /**
   * Number of the repeat of its run in which each value was measured, position by position. With it, what the cells of a repeat
   * have in common can be told from what each has of its own.
   */
  readonly repeats?: { readonly a: readonly number[]; readonly b: readonly number[] };
  /** What a change is made to as a whole, such as a variant with its batches: see {@link CompareOptions.runMove}. @default the key */
  readonly group?: string;
}

/** Largest share by which a run on a machine without a GPU is taken to be slower or faster as a whole; docs/statistics.md has its source. */
export const UNSTEADY_RUN_MOVE = 0.2;

export interface CompareOptions {
  /** What may differ, as a share: 0.05 allows ratios from 1 / 1.05 to 1.05. */
  readonly margin: number;
  /** Chance of any false alarm in the whole grid. */
  readonly alpha: number;
  /**
   * What values are: repeats, whose noise each cell has for itself, so that together the cells tell what their variances are;
   * or one of each run, which moves all cells at once, so that 44 cells tell no more of it than one. @default repeats
   */
  readonly counted?: 'repeats' | 'runs';
  /**
   * Share by which the machine may have moved one run as a whole against the other: what all groups moved by, up to it, is then no
   * difference. 0 where the machine is known to be steady. Not for runs that count once, nor for published figures. @default 0
   */
  readonly runMove?: number;
  /**
   * Share that a difference between two runs must significantly exceed, not only 0: what the machine may do to one cell alone.
   * @default 0
   */
  readonly atLeast?: number;
}

export interface CellComparison {
  readonly key: string;
  /** a / b, of the robust centres of their logarithms: above 1, the candidate is slower. */
  readonly ratio: number;
  /** Of the ratio, 95 %; null below 2 repeats a side. */
  readonly interval: Interval | null;
  /** Two-sided, of "no difference", as significances has it; against a published figure of "within the margin". 1 below 3 repeats a side. */
  readonly p: number;
  /** The same after Holm's correction over the grid. */
  readonly adjustedP: number;
  readonly verdict: CellVerdict;
  readonly n: { readonly a: number; readonly b: number };
  /** Repeats a side after which a verdict is to be expected; null with a verdict. At most 1000 is said. */
  readonly needed: number | null;
  /** Positions of values that stand out (modified z-score beyond 3.5). They are kept; robustMoments says how they weigh. */
  readonly outliers: { readonly a: readonly number[]; readonly b: readonly number[] };
  /** The same without any model, for who doubts it: from ranks, of this cell alone. Null against a published figure. */
  readonly rankBased: RankBased | null;
}

/** Hodges-Lehmann ratio with its exact interval (null below 4 repeats a side), and the p-value of Mann and Whitney. */
export interface RankBased extends Ratio {
  readonly p: number;
}

export interface GridComparison {
  readonly cells: readonly CellComparison[];
  readonly overall: Overall;
  /** Ratio by which the cells without a difference of their own differ together, e.g. warmth; 1 where that is not known. */
  readonly commonRatio: number;
  /** What moved least from one run to the other, and its ratio; null unless {@link CompareOptions.runMove} is above 0. */
  readonly leastMoved: { readonly group: string; readonly ratio: number } | null;
}

/** Below this many cells a grid says nothing about one of them. */
export const FEWEST_CELLS = 8;

/** What the rule is made for, and what its simulated figures in docs/statistics.md hold for. */
export const DEFAULT_OPTIONS: CompareOptions = { margin: 0.05, alpha: 0.004 };

/** The same for one run a side on a machine without a GPU. */
export const UNSTEADY_OPTIONS: CompareOptions = {
  ...DEFAULT_OPTIONS,
  runMove: UNSTEADY_RUN_MOVE,
  atLeast: DEFAULT_OPTIONS.margin,
};
