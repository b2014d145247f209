import { oneLine } from './escape.js';
import type { ReportModel, ReportVariant } from './model.js';
import { wholeMicroseconds } from './rounding.js';
import { allCells, speedUpHeading, type CellSummary, type ReportSummary } from './summary.js';

/** Sentences that more than one output prints, so that they agree. Plain text: each output escapes them its own way. */

export const UNIT_LINE = 'Per-batch forward latency at the server (`compute infer`), in microseconds.';

export const FIGURE_CAPTION = 'Figure 1. The DLRM inference latency.';

/** What the bars of Figure 1 are; undefined where there are none. */
export function barsSentence(summary: ReportSummary): string | undefined {
  const kinds = new Set(allCells(summary).flatMap(({ spread }) => (spread === undefined ? [] : [spread.kind])));
  if (kinds.size === 0) return undefined;
  if (kinds.size === 2)
    return 'Bars: interval of the median (at least 95 %), or the range where there are fewer than 6 repeats.';
  return kinds.has('interval')
    ? 'Bars: interval of the median over the repeats, at least 95 %.'
    : 'Bars: smallest to largest repeat; below 6 repeats there is no interval of the median.';
}

/** What the cells hold, in one sentence. */
export function metricSentence(model: ReportModel, summary: ReportSummary): string {
  const measured = summary.repeated ? 'median over the repeats' : 'one measurement per cell';
  const value = model.published === true ? 'as published' : measured;
  return `Each cell is the ${model.metric} time of one batch at the server, in microseconds (${value}), at concurrency ${model.concurrency}.`;
}

/** A column and whether HPS is in it. */
export function variantSentence(variant: ReportVariant): string {
  const note = variant.note === undefined || variant.note === '' ? '' : ` ${variant.note}`;
  return `${variant.label} (${variant.id}): ${variant.hps ? 'with HPS.' : 'without HPS.'}${note}`;
}

/** How to read the speed-up, or why there is none. */
export function speedUpSentence(summary: ReportSummary): string {
  const { baseline, contender } = summary;
  if (!summary.comparable) return `There is no speed-up column: only ${baseline.label} was named for the comparison.`;
  return (
    `Speed-up is ${baseline.label} divided by ${contender.label}, from unrounded medians; ` +
    `above 1 means that ${contender.label} is faster.`
  );
}

/** Present only when no deployment of the model uses HPS: says so, and why that matters. */
export function noHpsSentence(model: ReportModel, summary: ReportSummary): string | undefined {
  if (summary.anyHps) return undefined;
  const labels = model.variants.map((variant) => variant.label).join(', ');
  return (
    `No deployment in this run uses HPS (${labels}). HPS needs an NVIDIA GPU and NVIDIA's Merlin container image, ` +
    'so it is not part of this run, and nothing here says how fast HPS is.'
  );
}

/** Present only for published numbers. */
export function publishedSentence(model: ReportModel): string | undefined {
  return model.published === true
    ? 'These numbers were published by NVIDIA. They were not measured by this kit and serve as a reference.'
    : undefined;
}

/** How the run stands to the published page; undefined for published numbers themselves. */
export function verdictSentence({ verdict }: ReportModel): string | undefined {
  if (verdict === undefined) return undefined;
  return `Verdict: ${verdict.overall}. ${verdict.sentence}`;
}

/** Present only where the canary says that the machine drifted more than it may. */
export function canaryWarning({ validity }: ReportModel): string | undefined {
  return validity?.canary.state === 'invalid' ? `${validity.canary.reason}.` : undefined;
}

/** Present only where lines of the environment changed inside the run. */
export function changedSentence({ environment }: ReportModel): string | undefined {
  const names = environment.filter((line) => line.varies === true).map((line) => line.name);
  return names.length === 0
    ? undefined
    : `${names.join(', ')}: not the same for all measurements; see the environment.`;
}

/**
 * Why cells lack some or all of their measurements, from the ledger: one line for all cells of a variant that share a reason.
 * Plain text, in the order of the table.
 */
export function footnotes(summary: ReportSummary): string[] {
  const groups = new Map<string, { label: string; batches: number[]; text: string }>();
  for (const cell of summary.rows.flatMap((row) => row.cells)) {
    const text = lackOf(cell);
    if (text === undefined) continue;
    const key = JSON.stringify([cell.variant.id, text]);
    const group = groups.get(key) ?? { label: cell.variant.label, batches: [], text };
    group.batches.push(cell.batch);
    groups.set(key, group);
  }
  const notes = [...groups.values()].map(({ label, batches, text }) => `${label} at ${batchList(batches)}: ${text}`);
  const zero = summary.rows.filter((row) => row.speedUp === undefined && row.cells.every((cell) => cell.n > 0));
  if (summary.comparable && zero.length > 0) {
    notes.push(
      `${speedUpHeading(summary)} at ${batchList(zero.map((row) => row.batch))}: cannot be formed from a time of 0`,
    );
  }
  return notes.map(oneLine);
}

function lackOf(cell: CellSummary): string | undefined {
  const reasons = cell.reasons.join('; ');
  if (cell.n === 0) return `no valid measurement (${reasons === '' ? 'the ledger gives no reason' : reasons})`;
  return reasons === '' ? undefined : `only ${count(cell.n, 'valid repeat')} (${reasons})`;
}

function batchList(batches: number[]): string {
  return `${batches.length === 1 ? 'batch' : 'batches'} ${batches.join(', ')}`;
}

/** "44 expected: 40 measured, 1 invalid, 1 failed, 2 missing". */
export function ledgerSentence(model: ReportModel): string {
  const { expected, measured, invalid, failed, missing } = model.ledger;
  return `${count(expected, 'measurement')} expected: ${measured} measured, ${invalid} invalid, ${failed} failed, ${missing} missing.`;
}

/** True when every expected measurement is there and valid. */
export function isComplete(model: ReportModel): boolean {
  return model.ledger.measured === model.ledger.expected;
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The figure in words, for those who cannot see it: axes, and where each line starts and ends. */
export function figureDescription(model: ReportModel, summary: ReportSummary): string {
  const lines = model.variants.map((variant, index) => {
    const drawn = summary.rows.flatMap((row) => {
      const us = row.cells[index]?.medianUs;
      return us === undefined ? [] : [`${wholeMicroseconds(us)} µs at batch ${row.batch}`];
    });
    const [first, last] = [drawn[0], drawn.at(-1)];
    if (first === undefined || last === undefined) return `${variant.label}: not measured.`;
    return drawn.length === 1 ? `${variant.label}: ${first}.` : `${variant.label}: from ${first} to ${last}.`;
  });
  const bars = barsSentence(summary);
  const axes = 'Line chart of latency in microseconds, on a logarithmic axis, against batch size.';
  return [axes, ...lines, ...(bars === undefined ? [] : [bars])].join(' ');
}
