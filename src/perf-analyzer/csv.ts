/** Reads the file that `-f` writes: one header line, one row per level that succeeded. */
import { measured } from './numbers.js';
import type { Gpu, Measurement, Reading } from './reading.js';
import { emptyReading } from './stdout.js';

const COLUMNS: Record<string, string> = {
  'Inferences/Second': 'throughput',
  'Response Throughput': 'response_throughput',
  'Client Send': 'client_send_us',
  'Client Recv': 'client_recv_us',
  'Network+Server Send/Recv': 'network_us',
  'Server Queue': 'queue_us',
  'Server Compute': 'compute_us',
  'Server Compute Input': 'compute_input_us',
  'Server Compute Infer': 'compute_infer_us',
  'Server Compute Output': 'compute_output_us',
  'Server Cache Hit': 'cache_hit_us',
  'Server Cache Miss': 'cache_miss_us',
  'Avg latency': 'avg_us',
  'request/response': 'request_response_us',
  'response wait': 'response_wait_us',
};

const GPU_COLUMNS: Record<string, keyof Gpu> = {
  'Avg GPU Utilization': 'avg_utilization',
  'Avg GPU Power Usage': 'avg_power_w',
  'Max GPU Memory Usage': 'max_memory_bytes',
  'Total GPU Memory': 'total_memory_bytes',
};

const LEVELS = ['Concurrency', 'Request Rate'];

/** A first row that stands on the header's line: `Server Compute Output1` (composing models up to 23.03). */
const GLUED = /^(.*?[A-Za-z])(-?\d[\d.]*(?:,.*)?)$/;

function keyOf(column: string): string | undefined {
  if (Object.hasOwn(COLUMNS, column)) return COLUMNS[column];
  // "95-th Percentile" is a name of 2019.
  const percentile = /^p([\d.]+) latency$/.exec(column) ?? /^([\d.]+)-th [Pp]ercentile(?: [Ll]atency)?$/.exec(column);
  return percentile ? `p${percentile[1] ?? ''}_us` : undefined;
}

/** True when a text begins like a perf_analyzer CSV. */
export function looksLikeCsv(text: string): boolean {
  return /^\s*(?:Concurrency|Request Rate),(?:Inferences\/Second|Server Queue|Client Send)\b/.test(text);
}

/** Header cells and, where the first row is glued to them, that row. */
function header(line: string): { columns: string[]; rest: string | undefined } {
  const cells = line.split(',').map((cell) => cell.trim());
  for (const [index, cell] of cells.entries()) {
    if (keyOf(cell) !== undefined || Object.hasOwn(GPU_COLUMNS, cell) || LEVELS.includes(cell)) continue;
    const glued = GLUED.exec(cell);
    if (!glued?.[1] || !glued[2] || keyOf(glued[1]) === undefined) continue;
    return { columns: [...cells.slice(0, index), glued[1]], rest: [glued[2], ...cells.slice(index + 1)].join(',') };
  }
  return { columns: cells, rest: undefined };
}

class Row {
  readonly measurement: Measurement = { concurrency: null, request_rate: null };

  constructor(
    private readonly reading: Reading,
    private readonly number: number,
  ) {}

  cell(column: string, cell: string): void {
    if (cell === '') return;
    const gpu = Object.hasOwn(GPU_COLUMNS, column) ? GPU_COLUMNS[column] : undefined;
    if (gpu) this.gpu(gpu, cell);
    else this.plain(column, cell);
  }

  private warn(what: string): void {
    this.reading.warnings.push(`line ${this.number}: ${what}`);
  }

  private plain(column: string, cell: string): void {
    const value = /^[-+]?(?:\d|nan|inf)/i.test(cell) ? measured(cell) : undefined;
    const key = keyOf(column);
    if (value === undefined) this.warn(`column "${column}": "${cell}" is no measurement`);
    else if (column === 'Concurrency') this.measurement.concurrency = value;
    else if (column === 'Request Rate') this.measurement.request_rate = value;
    else if (key === undefined) this.warn(`column "${column}" is not known: ${cell}`);
    else (this.measurement as unknown as Record<string, number>)[key] = value;
  }

  private gpu(key: keyof Gpu, cell: string): void {
    const list: Record<string, number> = {};
    for (const pair of cell.split(';')) {
      if (pair === '') continue;
      const colon = pair.lastIndexOf(':');
      const value = colon > 0 ? measured(pair.slice(colon + 1) || 'nan') : undefined;
      if (value === undefined) this.warn(`"${pair}" is no GPU value`);
      else list[pair.slice(0, colon)] = value;
    }
    (this.measurement.gpu ??= {})[key] = list;
  }
}

/** Reads a CSV text that `looksLikeCsv`. Rows stay in the file's order. */
export function readCsv(text: string): Reading {
  const reading = emptyReading('csv');
  const lines = text.split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const { columns, rest } = header((lines[first] ?? '').trim());
  if (columns.at(-1) === '') {
    columns.pop();
    reading.wording.push('comma after the last column');
  }
  reading.csv_columns = columns;
  if (rest !== undefined) readRow(reading, columns, rest, first + 1, true);
  for (let index = first + 1; index < lines.length; index += 1) {
    readRow(reading, columns, lines[index]?.trim() ?? '', index + 1, index < lines.length - 1);
  }
  return reading;
}

function readRow(reading: Reading, columns: string[], line: string, number: number, ended: boolean): void {
  if (line === '') return;
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length === columns.length + 1 && cells.at(-1) === '') cells.pop();
  const row = new Row(reading, number);
  const short = cells.length < columns.length;
  if (cells.length > columns.length || !/^[-+\d]/.test(cells[0] ?? '')) {
    reading.warnings.push(`line ${number}: ${cells.length} cells under ${columns.length} columns: "${line}"`);
    return;
  }
  // A cut row may be cut inside a number.
  if (short || (!ended && columns.length === 0)) {
    reading.warnings.push(`line ${number}: the row ends after ${cells.length} of ${columns.length} columns`);
    cells.pop();
  }
  cells.forEach((cell, index) => {
    row.cell(columns[index] ?? '', cell);
  });
  if (short) row.measurement.flags = { truncated: true };
  reading.measurements.push(row.measurement);
}
