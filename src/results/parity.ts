import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** parity.json, as jobs/measure.py writes it: every variant's scores of one request against the first variant's. */
export interface Parity {
  readonly reference: string;
  readonly requests: number;
  readonly limit: number;
  readonly rows: readonly {
    readonly variant: string;
    readonly max_abs_difference: number;
    readonly score_min: number;
    readonly score_max: number;
  }[];
}

/** The parity of a run's folder; undefined before it was compared. */
export function readParity(folder: string): Parity | undefined {
  const file = join(folder, 'parity.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Parity) : undefined;
}
