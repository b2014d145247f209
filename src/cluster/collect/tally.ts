/** How far a collection is. */
export class Tally {
  /** Measuring Jobs that are expected to have results. */
  units = 0;
  /** Pods of these that ever began. */
  pods = 0;
  /** Pods whose log was read, or need not be. */
  read = 0;
  bytes = 0;
  retries = 0;
  /** Pieces of evidence that an earlier collection had found. */
  known = 0;
  readonly began = Date.now();

  /** Logs a second. */
  get rate(): number {
    return this.read / Math.max(0.001, (Date.now() - this.began) / 1000);
  }

  /** Seconds for the logs that are known to be left; undefined before there is a rate. */
  get secondsLeft(): number | undefined {
    return this.rate > 0 ? (this.pods - this.read) / this.rate : undefined;
  }
}
