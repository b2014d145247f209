import { allows } from './client-tables.js';
import { csvField } from './escape.js';
import type { ReportModel } from './model.js';
import { perSampleOf } from './per-sample-table.js';
import { summarise, type CellSummary } from './summary.js';

const COLUMNS = [
  ...['run_id', 'spec_hash', 'variant', 'hps', 'batch', 'concurrency', 'n'],
  ...['median_us', 'low_us', 'high_us', 'spread', 'level'],
  ...['published_us', 'ratio', 'ratio_low', 'ratio_high', 'verdict', 'needs_repeats'],
  ...['p90_allowed', 'p99_allowed', 'ns_per_sample', 'ns_low', 'ns_high', 'fixed_us', 'fixed_low', 'fixed_high'],
  ...['run_verdict', 'environment', 'reasons'],
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], string | number | boolean | null | undefined>>;

/**
 * RFC 4180 with a header line and CRLF: one line a cell with what its repeats say together, unrounded; report.csv has the
 * repeats themselves. `spread` is `interval` or `range`. What is the same for a deployment or the whole run stands in each of
 * its lines. `published_us` only where the page is the run's reference.
 */
export function cellsCsv(model: ReportModel): string {
  const summary = summarise(model);
  const lines = perSampleOf(summary);
  const whole: Row = {
    run_id: model.runId,
    spec_hash: model.specHash,
    concurrency: model.concurrency,
    run_verdict: model.verdict?.overall,
    environment: model.validity?.canary.state,
  };
  const rows = summary.rows.flatMap((row) =>
    row.cells.map((cell, index): Row => {
      const line = lines[index];
      const perSample: Row = {
        ...{ ns_per_sample: line?.nsPerSample, ns_low: line?.nsInterval?.low, ns_high: line?.nsInterval?.high },
        ...{ fixed_us: line?.fixedUs, fixed_low: line?.fixedInterval?.low, fixed_high: line?.fixedInterval?.high },
      };
      return { ...whole, ...ofCell(cell), ...ofVerdict(model, cell), ...perSample };
    }),
  );
  const table = [[...COLUMNS], ...rows.map((row) => COLUMNS.map((column) => String(row[column] ?? '')))];
  return table.map((fields) => `${fields.map(csvField).join(',')}\r\n`).join('');
}

function ofCell(cell: CellSummary): Row {
  const { variant, batch, n, medianUs, spread, reasons } = cell;
  return {
    ...{ variant: variant.id, hps: variant.hps, batch, n, median_us: medianUs },
    ...{ low_us: spread?.low, high_us: spread?.high, spread: spread?.kind },
    level: spread?.kind === 'interval' ? spread.level : undefined,
    ...{ p90_allowed: allows(cell, 'p90'), p99_allowed: allows(cell, 'p99'), reasons: reasons.join('; ') },
  };
}

function ofVerdict({ verdict }: ReportModel, { variant, batch }: CellSummary): Row {
  const found = verdict?.cells.find((cell) => cell.variant === variant.id && cell.batch === batch);
  if (found === undefined) return {};
  const { publishedUs, ratio, interval, needed } = found;
  return {
    ...{ published_us: publishedUs, ratio, ratio_low: interval?.low, ratio_high: interval?.high },
    ...{ verdict: found.verdict, needs_repeats: needed },
  };
}
