import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { evidenceSchema, type Evidence } from './evidence.js';
import { judge } from './judge/index.js';
import { recordSchema, type MeasurementRecord } from './record.js';
import { EVIDENCE_SCHEMA, RECORD_SCHEMA } from './versions.js';

/** Results that this release cannot read: exit code 2. */
export class ResultsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ResultsError';
  }
}

/**
 * Every evidence file of a run, in the order of their names. Temporary files of a writer that was killed are passed over.
 * A `.ndjson.gz` holds many, one a line: how published runs are kept.
 */
export function readEvidence(folder: string): Evidence[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => /\.(json|ndjson\.gz)$/.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) =>
      path.endsWith('.gz') ? packedEvidence(path) : [parseEvidence(path, readFileSync(path, 'utf8'))],
    );
}

function packedEvidence(path: string): Evidence[] {
  let text: string;
  try {
    text = gunzipSync(readFileSync(path)).toString('utf8');
  } catch (error) {
    throw new ResultsError(`${path}: cannot be unpacked: ${(error as Error).message} (fetch the file again)`);
  }
  return text.split('\n').flatMap((line, index) => (line === '' ? [] : [parseEvidence(`${path}:${index + 1}`, line)]));
}

function parseEvidence(path: string, text: string): Evidence {
  const parsed = parseJson(path, text, EVIDENCE_SCHEMA);
  const result = evidenceSchema.safeParse(parsed);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  throw new ResultsError(
    `${path}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'is not evidence'} (move the file away to measure again)`,
  );
}

function parseJson(where: string, text: string, schema: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new ResultsError(`${where}: is not JSON: ${(error as Error).message} (move it away to measure again)`);
  }
  const got = (parsed as { schema?: unknown } | null)?.schema;
  if (got !== schema)
    throw new ResultsError(
      `${where}: has schema ${JSON.stringify(got)}, this release reads ${schema} (use the release that wrote it, or another --run-id)`,
    );
  return parsed;
}

/** One record for each evidence file. */
export function recordsOf(evidence: readonly Evidence[]): MeasurementRecord[] {
  return evidence.map(judge);
}

/** Writes records.ndjson whole or not at all: one JSON object a line. */
export function writeRecords(path: string, records: readonly MeasurementRecord[]): void {
  writeWhole(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** Reads records.ndjson. @throws ResultsError naming the line that is no record of this schema. */
export function readRecords(path: string): MeasurementRecord[] {
  return parseRecords(path, readFileSync(path, 'utf8'));
}

/** The records of a text with one JSON object a line. @param name said in errors */
export function parseRecords(name: string, text: string): MeasurementRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    const where = `${name}:${index + 1}`;
    const result = recordSchema.safeParse(parseJson(where, line, RECORD_SCHEMA));
    if (!result.success) throw new ResultsError(`${where}: ${result.error.issues[0]?.message ?? 'is not a record'}`);
    return [result.data];
  });
}

/** A file appears under its name with all its content, synced, or stays as it was and leaves nothing beside it. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.tmp${process.pid}`;
  try {
    writeFileSync(temporary, content, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    // A full disk is reported by `write`, which knows no path.
    throw Object.assign(error as Error, { path });
  }
}
