import { recordSchema, type MeasurementRecord } from '../records/index.js';

export type Environment = Readonly<Record<string, unknown>>;

export interface RecordLines {
  /** Lines that are records of this release. */
  readonly lines: readonly string[];
  /** What they say of where they were measured. */
  readonly environments: readonly Environment[];
  /** Of the first of them; null if there is none. */
  readonly specHash: string | null;
  /** When the earliest of them began, ISO 8601; null if there is none. */
  readonly firstStart: string | null;
}

type Line = Pick<MeasurementRecord, 'started_at' | 'spec_hash'> & { readonly environment?: Environment | null };

/** Sorts the lines of a records.ndjson: those that are records, and the others, which are named. */
export function parseRecords(path: string, text: string, passedOver: string[]): RecordLines {
  const lines: string[] = [];
  const records: Line[] = [];
  const refused = new Map<string, number[]>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const found = recordIn(line);
    if (typeof found === 'string') refused.set(found, [...(refused.get(found) ?? []), index + 1]);
    else {
      lines.push(line);
      records.push(found);
    }
  }
  for (const [why, [first = 0, ...more]] of refused) passedOver.push(`${path}:${first}: ${why}${others(more.length)}`);
  return {
    lines,
    environments: records.flatMap(({ environment }) => (environment ? [environment] : [])),
    specHash: records[0]?.spec_hash ?? null,
    firstStart: records.map((record) => record.started_at).sort()[0] ?? null,
  };
}

/** The record, or why the line is none. */
function recordIn(line: string): Line | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'is torn or no JSON';
  }
  const result = recordSchema.safeParse(value);
  if (result.success) return value as Line;
  const issue = result.error.issues[0];
  return `is no record of this release: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}

function others(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ', and 1 more line' : `, and ${count} more lines`;
}
