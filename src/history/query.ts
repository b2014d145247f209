import { renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  JsonDuckDBValueConverter,
  StatementType,
  type DuckDBConnection,
  type DuckDBValueConverter,
  type Json,
} from '@duckdb/node-api';
import { QueryError } from './query-error.js';

export interface Answer {
  readonly columns: readonly string[];
  /** Values as JSON has them; decimals, and whole numbers beyond 2^53, are strings. */
  readonly rows: readonly (readonly Json[])[];
}

/** Answers one query that only reads. @throws QueryError in DuckDB's words */
export async function query(connection: DuckDBConnection, sql: string): Promise<Answer> {
  await onlyReads(connection, sql);
  const reader = await inItsWords(() => connection.runAndReadAll(sql));
  return {
    columns: reader.deduplicatedColumnNames(),
    rows: reader.convertRows(asJson).map((row) => row.map((value) => value ?? null)),
  };
}

/**
 * Writes the answer to one query as a Parquet file, whole or not at all.
 * @param file whose {@link partialOf} the database was opened to write
 * @throws QueryError in DuckDB's words
 */
export async function queryToParquet(connection: DuckDBConnection, sql: string, file: string): Promise<void> {
  await onlyReads(connection, sql);
  const partial = partialOf(file);
  try {
    await inItsWords(() =>
      connection.run(`COPY (\n${sql.replace(/;\s*$/, '')}\n) TO '${quoted(partial)}' (FORMAT parquet)`),
    );
    renameSync(partial, resolve(file));
  } finally {
    rmSync(partial, { force: true });
  }
}

/** DuckDB's own way to JSON makes a string of every 64-bit number. */
const asJson: DuckDBValueConverter<Json> = (value, type, converter) =>
  typeof value === 'bigint' && Number.isSafeInteger(Number(value))
    ? Number(value)
    : JsonDuckDBValueConverter(value, type, converter);

/** The file that is written before it gets its name. */
export const partialOf = (file: string): string => `${resolve(file)}.tmp${process.pid}`;

export const quoted = (text: string): string => text.replaceAll("'", "''");

async function onlyReads(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await inItsWords(() => connection.extractStatements(sql));
  if (statements.count !== 1) throw new QueryError(`the query holds ${statements.count} statements; give one`);
  const { statementType: type } = await inItsWords(() => statements.prepare(0));
  if (type !== StatementType.SELECT)
    throw new QueryError(
      `the query is ${StatementType[type]}, but only SELECT is answered: results are never changed here`,
    );
}

async function inItsWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new QueryError(error instanceof Error ? error.message : String(error));
  }
}
