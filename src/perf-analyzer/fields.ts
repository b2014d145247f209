/**
 * The lines of the Client and Server blocks: label, shape of the value, keys.
 *
 * `rank` is the place of a line in its block. perf_analyzer prints them in this order
 * always, so a line that comes too early or twice belongs to another report.
 */
import { NUMBER, measured } from './numbers.js';

/** One number of a line: its key in the measurement, and the text that was printed. */
export type Field = [key: string, printed: string];

export interface FieldLine {
  rank: number;
  fields: Field[];
  /** Numbers with a name that is not known: they are reported, not stored. */
  unknown: string[];
}

type Shape = (value: string) => Field[] | undefined;

const one = (key: string, unit = ''): Shape => {
  const pattern = new RegExp(`^(${NUMBER})${unit}$`);
  return (value) => {
    const match = pattern.exec(value);
    return match?.[1] === undefined ? undefined : [[key, match[1]]];
  };
};

/** Two numbers, the second one optional: `N usec (standard deviation N usec)`. */
const pair = (first: string, second: string, source: string): Shape => {
  const pattern = new RegExp(`^${source}$`);
  return (value) => {
    const match = pattern.exec(value);
    if (!match?.[1]) return undefined;
    const fields: Field[] = [[first, match[1]]];
    if (match[2] !== undefined) fields.push([second, match[2]]);
    return fields;
  };
};

const CLIENT: Record<string, [number, Shape]> = {
  'Request count': [1, one('request_count')],
  'Delayed Request Count': [2, one('delayed_request_count')],
  'Avg send request rate': [3, one('send_rate', ' infer/sec')],
  'Sequence count': [4, pair('sequence_count', 'sequences_per_s', `(\\d+)(?: \\((${NUMBER}) seq/sec\\))?`)],
  Throughput: [5, one('throughput', ' infer/sec')],
  'Response Throughput': [6, one('response_throughput', ' infer/sec')],
  'Avg client overhead': [7, one('client_overhead_pct', '%')],
  'Avg latency': [8, pair('avg_us', 'std_us', `(${NUMBER}) usec(?: \\(standard deviation (${NUMBER}) usec\\))?`)],
};

const SERVER: Record<string, [number, Shape]> = {
  'Request count': [1, one('server_request_count')],
  'Inference count': [2, one('inference_count')],
  'Execution count': [3, one('execution_count')],
  'Cache hit count': [4, one('cache_hit_count')],
  'Cache miss count': [5, one('cache_miss_count')],
  'Successful request count': [6, one('successful_request_count')],
};

/** Lines with a total and, in brackets, its parts; `[rank, key of the total]`. */
const CLIENT_TOTALS: Record<string, [number, string]> = {
  'Avg HTTP time': [200, 'client_time_us'],
  'Avg gRPC time': [200, 'client_time_us'],
};
/** Rank of the first line of an ensemble's total. */
export const FIRST_TOTAL = 10;
const SERVER_TOTALS: Record<string, [number, string]> = {
  'Avg request latency': [7, 'avg_request_latency_us'],
  'Average Cache Hit Latency': [8, 'avg_cache_hit_latency_us'],
  'Average Cache Miss Latency': [9, 'avg_cache_miss_latency_us'],
  // Ensembles up to 21.01 have their parts in lines of their own.
  'Total avg compute time': [FIRST_TOTAL, 'compute_us'],
  'Total avg compute input time': [11, 'compute_input_us'],
  'Total avg compute infer time': [12, 'compute_infer_us'],
  'Total avg compute output time': [13, 'compute_output_us'],
  'Total avg queue time': [14, 'queue_us'],
};

const PARTS: Record<string, string> = {
  'send/recv': 'send_recv_us',
  send: 'send_us',
  receive: 'receive_us',
  'response wait': 'response_wait_us',
  '(un)marshal request/response': 'marshal_unmarshal_us',
  marshal: 'marshal_us',
  unmarshal: 'unmarshal_us',
  overhead: 'overhead_us',
  queue: 'queue_us',
  compute: 'compute_us',
  'compute input': 'compute_input_us',
  'compute infer': 'compute_infer_us',
  'compute output': 'compute_output_us',
  'cache hit/miss': 'cache_hit_miss_us',
  'cache lookup/insertion': 'cache_lookup_insertion_us',
};

const TOTAL = new RegExp(`^(${NUMBER}) usec(?: \\((.*)\\))?$`);
const PART = new RegExp(`^(.*) (${NUMBER}) usec$`);
const USEC = new RegExp(`^(${NUMBER}) usec$`);
const PERCENTILE = /^(?:p(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)-th percentile) latency$/;

function total(rank: number, key: string, value: string): FieldLine | undefined {
  const match = TOTAL.exec(value);
  if (!match?.[1]) return undefined;
  const fields: Field[] = [[key, match[1]]];
  const unknown: string[] = [];
  for (const part of match[2] ? match[2].split(' + ') : []) {
    const found = PART.exec(part);
    if (!found?.[2]) return undefined;
    const label = (found[1] ?? '').replace(/ \*$/, '');
    const name = Object.hasOwn(PARTS, label) ? PARTS[label] : undefined;
    if (name === undefined) unknown.push(part);
    else fields.push([name, found[2]]);
  }
  return { rank, fields, unknown };
}

function plain(table: Record<string, [number, Shape]>, label: string, value: string): FieldLine | undefined {
  const entry = Object.hasOwn(table, label) ? table[label] : undefined;
  const fields = entry?.[1](value);
  return entry && fields ? { rank: entry[0], fields, unknown: [] } : undefined;
}

/** Reads a line of the Client block, or undefined where label or value do not fit. */
export function clientLine(label: string, value: string): FieldLine | undefined {
  const totals = Object.hasOwn(CLIENT_TOTALS, label) ? CLIENT_TOTALS[label] : undefined;
  if (totals) return total(totals[0], totals[1], value);
  const percentile = PERCENTILE.exec(label);
  if (percentile) {
    const number = percentile[1] ?? percentile[2] ?? '';
    const match = USEC.exec(value);
    if (!match?.[1]) return undefined;
    return { rank: 50 + Number(number), fields: [[`p${number}_us`, match[1]]], unknown: [] };
  }
  return plain(CLIENT, label, value);
}

/** Reads a line of the Server block or of a composing model. */
export function serverLine(label: string, value: string): FieldLine | undefined {
  const totals = Object.hasOwn(SERVER_TOTALS, label) ? SERVER_TOTALS[label] : undefined;
  return totals ? total(totals[0], totals[1], value) : plain(SERVER, label, value);
}

/** True for labels that only the Client block has: met elsewhere, they show that two reports are mixed. */
export function isClientLabel(label: string): boolean {
  if (label === 'Request count') return false;
  return Object.hasOwn(CLIENT, label) || Object.hasOwn(CLIENT_TOTALS, label) || PERCENTILE.test(label);
}

/** True for labels that only the Server block has. */
export function isServerLabel(label: string): boolean {
  if (label === 'Request count') return false;
  return Object.hasOwn(SERVER, label) || Object.hasOwn(SERVER_TOTALS, label);
}

/** Stores the numbers that are measurements and names those that are none (wrapped around, nan, inf). */
export function store(target: Record<string, unknown>, fields: Field[]): string[] {
  const missing: string[] = [];
  for (const [key, printed] of fields) {
    const value = measured(printed);
    if (value === undefined) missing.push(`${key} ${printed}`);
    else target[key] = value;
  }
  return missing;
}
