/** What single lines, and the numbers of single levels, tell. */
import { measured } from './numbers.js';
import { LEVEL_CONCURRENCY, LEVEL_RATE } from './patterns.js';
import type { Measurement } from './reading.js';

/** The level that a header names. */
export function readLevel(text: string): Pick<Measurement, 'concurrency' | 'request_rate'> | undefined {
  const concurrency = LEVEL_CONCURRENCY.exec(text)?.[1];
  if (concurrency !== undefined) return { concurrency: measured(concurrency) ?? null, request_rate: null };
  const rate = LEVEL_RATE.exec(text)?.[1];
  return rate === undefined ? undefined : { concurrency: null, request_rate: measured(rate) ?? null };
}

/** The server counted many more requests than the client sent: another window, or other clients. */
export function servesOthers(m: Measurement): boolean {
  const served = m.successful_request_count ?? m.server_request_count;
  return served !== undefined && m.request_count !== undefined && served > 1.5 * m.request_count;
}

const NEXT = [
  'Request concurrency: ',
  'Request Rate: ',
  'Inferences/Second vs. Client ',
  '*** Measurement Settings ***',
];

/** The beginning of a line that stands behind a whole block: the block before it is not cut. */
export function beginsAnother(text: string): boolean {
  return NEXT.some((next) => next.startsWith(text) || text.startsWith(next));
}

export function hasNumbers(m: Measurement): boolean {
  return Object.keys(m).some((key) => !['concurrency', 'request_rate', 'stream', 'flags'].includes(key));
}

/** Units that hardly anybody else prints. */
export function ofUnits(text: string): boolean {
  return / (?:usec|infer\/sec)\b/.test(text) || /^(?:Inference|Execution|Successful request) count: /.test(text);
}
