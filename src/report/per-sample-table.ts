import type { Interval } from '../statistics/index.js';
import { fittedBatches, perSample, type PerSample } from './per-sample.js';
import type { ReportModel } from './model.js';
import type { PlainTable } from './plain-table.js';
import { significant } from './rounding.js';
import type { ReportSummary } from './summary.js';

/** The line of each deployment, in column order; undefined where a deployment has fewer than two batches. */
export function perSampleOf(summary: ReportSummary): (PerSample | undefined)[] {
  const batches = fittedBatches(summary.rows.map((row) => row.batch));
  const variants = summary.rows[0]?.cells.length ?? 0;
  return Array.from({ length: variants }, (_, index) => {
    const cells = summary.rows.flatMap((row) => row.cells[index] ?? []);
    return perSample(
      cells.map(({ batch, values }) => ({ batch, microseconds: values.map((value) => value.computeInferUs) })),
      batches,
    );
  });
}

/** What a sample costs at each deployment, and a batch besides; undefined where no line can be drawn. */
export function perSampleTable(model: ReportModel, summary: ReportSummary): PlainTable | undefined {
  const lines = perSampleOf(summary);
  const drawn = lines.find((line) => line !== undefined);
  if (drawn === undefined) return undefined;
  const all = drawn.batches.length === summary.rows.length ? 'all batches' : `batches ${drawn.batches.join(', ')}`;
  return {
    caption:
      `Compute infer as a line: fixed cost of a batch + cost of a sample x batch size, by least squares over the repeats of ${all}, ` +
      'with 95 % intervals of the noise. The slope cancels what a call costs, so it says more of a machine than any one cell.',
    head: ['Deployment', 'ns per sample', '95 % interval', 'Fixed cost (µs)', '95 % interval', 'Samples/s at most'],
    rows: model.variants.map((variant, index) => [variant.label, ...lineTexts(lines[index])]),
    wordColumns: [0],
  };
}

function lineTexts(line: PerSample | undefined): string[] {
  if (line === undefined) return ['-', '-', '-', '-', '-'];
  const { nsPerSample, nsInterval, fixedUs, fixedInterval } = line;
  const most = nsPerSample > 0 ? Math.round(1e9 / nsPerSample).toLocaleString('en-US') : '-';
  return [significant(nsPerSample, 4), fromTo(nsInterval), significant(fixedUs, 3), fromTo(fixedInterval), most];
}

function fromTo(interval: Interval | null): string {
  return interval === null ? '-' : `${significant(interval.low, 4)} to ${significant(interval.high, 4)}`;
}
