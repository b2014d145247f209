import type { Interval } from '../statistics/index.js';
import type { ComparedCell, Comparison, Verdict } from './comparison.js';
import { labelOf } from './grid.js';

/** Sentences and figures that more than one output prints. Plain text. */

export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  same: 0,
  reproduced: 0,
  improved: 0,
  regressed: 1,
  incomplete: 3,
  'environment invalid': 4,
  inconclusive: 5,
};

/** A figure faster than published is out of the band too: it is no reproduction. */
export function exitCode({ verdict, published }: Comparison): number {
  return published && verdict === 'improved' ? 1 : EXIT_CODES[verdict];
}

/** The result in one sentence. */
export function headline(comparison: Comparison): string {
  const { verdict, cells, missing } = comparison;
  const total = `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
  const margin = percentOf(comparison.margin);
  switch (verdict) {
    case 'environment invalid':
      return `${comparison.drifted.join('; ')}; nothing can be said of the ${total}`;
    case 'same':
      return `${cells.length === 1 ? 'the one cell is' : `all ${total} are`} within ${margin} of the reference`;
    case 'reproduced':
      return `${cells.length === 1 ? 'the one cell is' : `all ${total} are`} within ${margin} of the published figure`;
    case 'regressed':
    case 'improved':
    case 'inconclusive':
      return `${countsText(cells)} of ${total}`;
    case 'incomplete':
      return `${missing[0] ?? ''}${missing.length > 1 ? ` (and ${missing.length - 1} more)` : ''}; ${countsText(cells)} of ${total} compared`;
  }
}

/** `1 regressed, 43 same`. */
function countsText(cells: readonly ComparedCell[]): string {
  const kinds = ['regressed', 'improved', 'inconclusive', 'reproduced', 'same'] as const;
  return kinds
    .map((kind) => ({ kind, count: cells.filter(({ verdict }) => verdict === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(', ');
}

/** Said wherever a comparison with the page is no reproduction of it. */
export function noReproduction({ published, allowed }: Comparison): string | undefined {
  if (!published || allowed.length === 0) return undefined;
  const kinds = [...new Set(allowed.map(({ kind }) => kind))].join(', ');
  return `This is not a reproduction of the page: it was not measured under its conditions (${kinds}). The ratios only say how this machine stands to the published figures.`;
}

function different({ published, margin, atLeast }: Comparison): string {
  const width = percentOf(margin);
  if (published) return `significantly beyond ${width}`;
  if (atLeast > 0) return `significantly larger than ${percentOf(atLeast)} over all cells`;
  return `significant over all cells and larger than half of ${width}`;
}

/** What ratios mean and when a cell gets which verdict. */
export function explanation(comparison: Comparison): string {
  const { published, relativeTo, counted, margin, alpha, runMove } = comparison;
  const width = percentOf(margin);
  const reference = published ? 'the published figure' : 'B';
  const same = published ? 'reproduced' : 'same';
  const ratio =
    relativeTo === null
      ? `Ratio: A / ${reference}, above 1 A is slower, with its 95 % interval.`
      : `Ratio: of each repeat's time to that of ${labelOf(relativeTo)} in the same repeat, A / ${reference}: above 1, A is slower than ${labelOf(relativeTo)} tells, with its 95 % interval. What slows all alike is not seen, and a change of ${labelOf(relativeTo)} shows in all others.`;
  const once = counted === 'runs' ? ' Each run counts once, as the median of its repeats.' : '';
  const left =
    runMove === 0
      ? ''
      : ` What all variants moved by, up to ${percentOf(runMove)}, is left to the machine: a cell has to differ from the variant that moved least, too.`;
  const beyond =
    counted === 'runs' || runMove > 0
      ? ''
      : ', as far as the repeats of one run tell; what moves a whole run, as on a machine that others use, comes on top, and only several runs a side hold it';
  return (
    `${ratio}${once} ${same}: the interval lies within ${width}. ` +
    `regressed, improved: the difference is ${different(comparison)} (chance of a false alarm in the whole table: ${percentOf(alpha)}${beyond}). ` +
    `inconclusive: neither; "needs" says with how many ${counted} a verdict is to be expected.${left}`
  );
}

/** `1.013`. */
export function ratioText(ratio: number): string {
  return ratio.toFixed(3);
}

/** `0.998 to 1.021`, or `-` below the values that an interval needs. */
export function intervalText(interval: Interval | null): string {
  return interval === null ? '-' : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
}

/** `10 / 10`, repeats or runs; against a published figure `10`. */
export function countText({ n }: ComparedCell, published: boolean): string {
  return published ? String(n.a) : `${n.a} / ${n.b}`;
}

/** `24`, `1000 or more`, or `-` where there is a verdict. */
export function neededText({ needed }: ComparedCell): string {
  if (needed === null) return '-';
  return needed >= 1000 ? '1000 or more' : String(needed);
}

/** `5 %`, `0.5 %`. */
export function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** Values far from the rest, a line a cell and side; empty without any. */
export function outlierLines({ cells }: Comparison): string[] {
  return cells.flatMap(({ label, batch, outliers }) =>
    (['a', 'b'] as const).flatMap((side) =>
      outliers[side].length === 0
        ? []
        : [
            `${label} at ${batch}: ${outliers[side].map((us) => us.toFixed(0)).join(', ')} µs in ${side.toUpperCase()} stand out; they are kept, and the verdict weighs what lies far out less`,
          ],
    ),
  );
}
