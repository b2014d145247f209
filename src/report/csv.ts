import { csvField } from './escape.js';
import type { RepeatValue, ReportModel } from './model.js';
import { summarise, type CellSummary } from './summary.js';

const COLUMNS = [
  'run_id',
  'spec_hash',
  'variant',
  'label',
  'hps',
  'batch',
  'concurrency',
  'status',
  'repeat',
  'compute_infer_us',
  'samples_per_second',
  'client_avg_us',
  'requests',
  'p50_us',
  'p90_us',
  'p99_us',
  'cold_us',
  'reason',
] as const;

/**
 * RFC 4180 with a header line and CRLF: one line for each cell and repeat, unrounded. A cell without a measurement has one line
 * with the status `missing`, no repeat and no numbers, and the ledger's reasons, so that no expected cell is absent.
 */
export function reportCsv(model: ReportModel): string {
  const lines: string[][] = [[...COLUMNS]];
  for (const cell of summarise(model).rows.flatMap((row) => row.cells)) {
    const head = [model.runId, model.specHash, cell.variant.id, cell.variant.label, String(cell.variant.hps)];
    head.push(String(cell.batch), String(model.concurrency));
    lines.push(...cellLines(cell).map((line) => [...head, ...line]));
  }
  return lines.map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}

function cellLines(cell: CellSummary): string[][] {
  if (cell.n === 0) return [['missing', ...Array<string>(9).fill(''), cell.reasons.join('; ')]];
  return cell.values.map((value) => ['measured', String(value.repeat), ...numbers(value), '']);
}

function numbers(value: RepeatValue): string[] {
  const { computeInferUs, samplesPerSecond, clientAvgUs, requests, p50Us, p90Us, p99Us, coldUs } = value;
  return [computeInferUs, samplesPerSecond, clientAvgUs, requests, p50Us, p90Us, p99Us, coldUs].map((number) =>
    number === undefined || !Number.isFinite(number) ? '' : String(number),
  );
}
