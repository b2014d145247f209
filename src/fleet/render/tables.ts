import type { FleetReport } from '../report.js';
import { change, evidenceFor, micros, nameOf, sharesOf } from './words.js';

/** A table before it is dressed. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const ABOUT_CELLS =
  'Median over the GPUs, in microseconds; the GPUs against it; and where the variance comes from.';

/** A row a cell. */
export function cellTable({ cells }: FleetReport): Table {
  return {
    head: ['cell', 'GPUs', 'median', 'least', '5 %', '95 %', 'greatest', 'variance: node, GPU, run'],
    rows: cells.map(({ key, median, spread, shares, figures }) => {
      const { least, p5, p95, greatest } = spread;
      const against = [least, p5, p95, greatest].map((value) => change(value / median));
      return [key, String(figures.length), micros(median), ...against, sharesOf(shares)];
    }),
  };
}

/** A row for each suspect and defect. */
export function foundTable({ found }: FleetReport): Table {
  return {
    head: ['finding', 'which', 'evidence'],
    rows: found.map((one) => [one.finding, nameOf(one), evidenceFor(one)]),
  };
}

/** A row for each node of which some GPU was not measured. */
export function uncoveredTable({ uncovered }: FleetReport): Table {
  return {
    head: ['node', 'GPUs', 'measured'],
    rows: uncovered.map(({ node, expected, seen }) => [node, String(expected), String(seen)]),
  };
}
