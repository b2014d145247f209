import type { PerSample } from '../report/index.js';
import type { Interval } from '../statistics/index.js';
import type { Difference } from './guard.js';

/** What is said of a cell. `reproduced` stands for `same` where the reference is a published figure. */
export type CellVerdict = 'same' | 'reproduced' | 'regressed' | 'improved' | 'inconclusive';

/** What is said of the whole: the words of docs/design.md. */
export type Verdict = 'same' | 'reproduced' | 'regressed' | 'improved' | 'incomplete' | 'inconclusive';

/** One cell on both sides. Times in µs; a ratio above 1 means that A is slower. */
export interface ComparedCell {
  readonly variant: string;
  readonly label: string;
  readonly batch: number;
  readonly concurrency: number;
  readonly aUs: number;
  readonly bUs: number;
  readonly ratio: number;
  readonly interval: Interval | null;
  /** Corrected for the number of cells. */
  readonly adjustedP: number | null;
  readonly verdict: CellVerdict;
  readonly n: { readonly a: number; readonly b: number };
  /** Repeats a side with which this cell could be decided; null where it is, or where nothing can be said. */
  readonly needed: number | null;
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

/** How many times faster the contender is than the baseline at one batch, on both sides. */
export interface ComparedSpeedUp {
  readonly batch: number;
  readonly baseline: string;
  readonly contender: string;
  readonly a: number;
  readonly b: number;
}

export interface Side {
  readonly source: string;
  readonly runId: string;
  readonly specHash: string;
  readonly measured: number;
  readonly expected: number | null;
  readonly hardware: readonly string[];
  readonly image: readonly string[];
}

/** A finished comparison as plain data. A is the candidate, B the reference. */
export interface Comparison {
  readonly a: Side;
  readonly b: Side;
  /** True where B is the published page. */
  readonly published: boolean;
  /** Share by which a cell may differ, such as 0.05. */
  readonly margin: number;
  readonly alpha: number;
  readonly verdict: Verdict;
  readonly cells: readonly ComparedCell[];
  /** Cells that only one side has, and measurements that A owes, each with its reason. */
  readonly missing: readonly string[];
  readonly slopes: readonly ComparedSlope[];
  readonly speedUps: readonly ComparedSpeedUp[];
  /** Differences that were allowed. */
  readonly allowed: readonly Difference[];
  /** What else differs, or is worth knowing. */
  readonly notes: readonly string[];
}
