/** Two limits and how often such limits contain the true value. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Achieved coverage, 0 to 1. For exact methods the next level at or above the one asked for. */
  readonly level: number;
}

/** Least and greatest of the values: what is printed where there are too few of them for an interval. */
export interface Range {
  readonly low: number;
  readonly high: number;
}
