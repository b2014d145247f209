/** The levels between a report's settings and its closing table, and what the table says of them. */
import { spoil } from './block.js';
import { hasNumbers } from './level.js';
import type { Measurement, SummaryRow } from './reading.js';

export class Run {
  levels: Measurement[] = [];
  /** Index in `levels` from which on another report may have run into this one. */
  suspect: number | undefined;
  /** Two reports are mixed: no level is believed until a report begins anew. */
  tainted = false;
  /** What `latency` is in the closing table that is being read. */
  statistic: string | undefined;
  /** Levels whose header is all there is. */
  private readonly withoutBlock = new Set<Measurement>();

  /** Settings begin; `afresh` when the report before has ended. */
  begin(afresh: boolean): void {
    this.statistic = undefined;
    if (afresh) this.restart([]);
    // A pod that was killed and started again; or two pods at once, if more speaks for it.
    else this.suspect = 0;
  }

  /** Nothing before these levels matters any more. */
  restart(levels: Measurement[]): void {
    this.levels = levels;
    this.suspect = undefined;
    this.tainted = false;
  }

  /** A level begins; `behindTable` when the closing table of others stands before it. */
  add(m: Measurement, behindTable: boolean): void {
    if (behindTable && this.suspect === undefined) this.levels = [];
    this.levels.push(m);
  }

  /** The level had no numbers. */
  hasNone(m: Measurement): void {
    this.withoutBlock.add(m);
  }

  /** What was suspected is sure: the levels since then may have another report's numbers. */
  taint(): void {
    this.tainted = true;
    for (const m of this.levels.slice(this.suspect)) spoil(m);
  }

  private levelsOf(row: SummaryRow): Measurement[] {
    return this.levels.filter((m) =>
      row.concurrency === undefined ? m.request_rate === row.request_rate : m.concurrency === row.concurrency,
    );
  }

  /** A row for a level without a block repeats another level's numbers. */
  isStale(row: SummaryRow): boolean {
    const levels = this.levelsOf(row);
    return levels.length > 0 && levels.every((m) => this.withoutBlock.has(m));
  }

  /**
   * The level that a row contradicts. A row repeats throughput and latency of the level's
   * block; if it does not, the block's beginning, its end or the table come from another
   * report.
   */
  contradicted(row: SummaryRow): Measurement | undefined {
    const [m, other] = this.levelsOf(row).filter(hasNumbers);
    if (!m || other || m.flags?.elided || this.statistic === undefined) return undefined;
    const latency = (m as unknown as Record<string, unknown>)[`${this.statistic}_us`];
    const sameLatency = latency === undefined || row.latency_us === undefined || latency === row.latency_us;
    return sameLatency && isSameRate(m.throughput, row.throughput) ? undefined : m;
  }
}

/** The same rate, printed with six digits or with two decimals. */
function isSameRate(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return Math.abs(one - other) <= 0.0051 + 1e-5 * Math.max(one, other);
}
