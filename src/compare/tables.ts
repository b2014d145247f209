import { significant, type PerSample, type PlainTable } from '../report/index.js';
import type { Interval } from '../statistics/index.js';
import type { ComparedCell, Comparison, Side } from './comparison.js';
import { labelOf } from './grid.js';
import { countText, intervalText, neededText, ratioText } from './wording.js';

/** Position of the verdict in {@link cellTable}'s rows. */
export const VERDICT_COLUMN = 7;

/** A row for each cell. @param cells all of the comparison, or those to be shown */
export function cellTable(comparison: Comparison, cells: readonly ComparedCell[] = comparison.cells): PlainTable {
  const { published, relativeTo, counted } = comparison;
  return {
    caption: 'Median compute infer in microseconds.',
    head: [
      'Batch',
      'Deployment',
      'A',
      published ? 'Published' : 'B',
      relativeTo === null ? 'Ratio' : `Ratio to ${labelOf(relativeTo)}`,
      '95 % interval',
      counted === 'runs' ? 'Runs' : 'n',
      'Verdict',
      'Needs',
    ],
    rows: cells.map((cell) => [
      String(cell.batch),
      cell.label,
      cell.aUs.toFixed(0),
      cell.bUs.toFixed(0),
      ratioText(cell.ratio),
      intervalText(cell.interval),
      countText(cell, published),
      cell.verdict,
      neededText(cell),
    ]),
    wordColumns: [1, VERDICT_COLUMN],
  };
}

/** Nanoseconds a sample; undefined where no line could be drawn. */
export function slopeTable({ slopes, published }: Comparison): PlainTable | undefined {
  const batches = slopes[0]?.a.batches;
  if (batches === undefined) return undefined;
  return {
    caption: `Nanoseconds a sample: slope of the line through batches ${batches.join(', ')}.`,
    head: ['Deployment', 'A', '95 % interval', published ? 'Published' : 'B', '95 % interval', 'Ratio'],
    rows: slopes.map(({ label, a, b, ratio }) => [
      label,
      nanoseconds(a),
      nanosecondsInterval(a.nsInterval),
      nanoseconds(b),
      // One figure a batch says nothing of noise.
      published ? '-' : nanosecondsInterval(b.nsInterval),
      ratioText(ratio),
    ]),
    wordColumns: [0],
  };
}

/** Speed-ups of the contender; undefined where a side has only one of the two variants. */
export function speedUpTable({ speedUps, published }: Comparison): PlainTable | undefined {
  const first = speedUps[0];
  if (first === undefined) return undefined;
  return {
    caption: `Speed-up of ${labelOf(first.contender)} over ${labelOf(first.baseline)}, from medians.`,
    head: ['Batch', 'A', published ? 'Published' : 'B', 'A / reference'],
    rows: speedUps.map(({ batch, a, b }) => [String(batch), a.toFixed(2), b.toFixed(2), ratioText(a / b)]),
    wordColumns: [],
  };
}

/** The two sides, a line a fact. */
export function sideTable({ a, b, published }: Comparison): PlainTable {
  const said = (values: readonly string[]) => values.join('; ') || 'not recorded';
  const of = (side: Comparison['a']) =>
    side.expected === null ? `${side.measured}` : `${side.measured} of ${side.expected}`;
  return {
    caption: 'What was compared.',
    head: ['', 'A', published ? 'Published page' : 'B'],
    rows: [
      ...runRows(a, b),
      ['spec', a.specHash, b.specHash],
      ['hardware', said(a.hardware), said(b.hardware)],
      ['image', said(a.image), said(b.image)],
      ['measurements', of(a), of(b)],
    ],
    wordColumns: [0, 1, 2],
  };
}

/** Of several runs a line each: where it was read from, which tells them apart. */
function runRows(a: Side, b: Side): string[][] {
  const count = Math.max(a.runs.length, b.runs.length);
  if (count === 1)
    return [
      ['from', a.source, b.source],
      ['run', a.runId, b.runId],
    ];
  return Array.from({ length: count }, (_, at) => [
    `run ${at + 1}`,
    a.runs[at]?.source ?? '',
    b.runs[at]?.source ?? '',
  ]);
}

function nanoseconds({ nsPerSample }: PerSample): string {
  return significant(nsPerSample, 4);
}

function nanosecondsInterval(interval: Interval | null): string {
  return interval === null ? '-' : `${significant(interval.low, 4)} to ${significant(interval.high, 4)}`;
}
