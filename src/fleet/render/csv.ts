import { csvField } from '../../report/escape.js';
import type { FleetReport } from '../report.js';

/** A line for each GPU and cell, RFC 4180; microseconds. */
export function fleetCsv({ cells }: FleetReport): string {
  const head = [
    'node',
    'gpu',
    'variant',
    'batch',
    'concurrency',
    'repeats',
    'median_us',
    'low_us',
    'high_us',
    'fleet_median_us',
    'ratio',
  ];
  const rows = cells.flatMap(({ cell, median, figures }) =>
    figures.map(({ node, gpu, n, median: own, interval }) => [
      ...[node, gpu, cell.variant, cell.batch, cell.concurrency, n, own],
      ...[interval?.low ?? null, interval?.high ?? null, median, own / median],
    ]),
  );
  return [head, ...rows]
    .map((values) => `${values.map((value) => csvField(String(value ?? ''))).join(',')}\r\n`)
    .join('');
}
