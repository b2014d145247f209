import { resolve } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { recordStructure } from './columns.js';
import { quoted } from './query.js';
import type { Scan, ScannedRun } from './scan.js';

export interface HistoryOptions {
  /** The folder of all runs: the only one whose files a query may read. */
  readonly root: string;
  /** The one file that may be written. @default none */
  readonly writable?: string;
}

/**
 * Many runs as tables in memory: `runs` (one row a run), `records` (one row a measurement's attempt; `counts` is true for the
 * one that the ledger counts) and `cells` (one row for each variant, batch and concurrency of a run, over the records that
 * count; times in µs). From then on the database reads below the results folder only, and cannot be told otherwise.
 */
export async function openHistory(scan: Scan, options: HistoryOptions): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    // Nothing is fetched from anywhere: what is needed is built in.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: '2',
  });
  const connection = await instance.connect();
  await addRuns(connection, scan.runs);
  await addRecords(connection, scan.runs);
  await connection.run(CELLS);
  await connection.run('DROP TABLE loaded');
  await restrict(connection, options);
  return connection;
}

async function restrict(connection: DuckDBConnection, { root, writable }: HistoryOptions): Promise<void> {
  await connection.run(`SET allowed_directories = ['${quoted(`${resolve(root)}/`)}']`);
  if (writable !== undefined) await connection.run(`SET allowed_paths = ['${quoted(writable)}']`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

async function addRuns(connection: DuckDBConnection, runs: readonly ScannedRun[]): Promise<void> {
  await load(connection, runs.map(runLine));
  const structure = {
    ...{ run: 'VARCHAR', run_id: 'VARCHAR', spec: 'VARCHAR', spec_hash: 'VARCHAR', hardware: 'VARCHAR' },
    ...{ without_gpu: 'BOOLEAN' },
    ...{ created_at: 'TIMESTAMP', expected: 'BIGINT', measured: 'BIGINT', invalid: 'BIGINT', failed: 'BIGINT' },
    ...{ missing: 'BIGINT', variants: ['VARCHAR'], batches: ['BIGINT'] },
  };
  await connection.run(`CREATE TABLE runs AS
    SELECT unnest(from_json(line, '${JSON.stringify(structure)}')) FROM loaded ORDER BY ALL`);
}

function runLine({ run, facts, specHash, createdAt, hardware, withoutGpu, ledger }: ScannedRun): string {
  return JSON.stringify({
    ...{ run, run_id: facts?.run_id, spec: facts?.spec.name, spec_hash: specHash, hardware, created_at: createdAt },
    without_gpu: withoutGpu,
    ...{ variants: facts?.spec.variants, batches: facts?.spec.batches, ...ledger },
  });
}

async function addRecords(connection: DuckDBConnection, runs: readonly ScannedRun[]): Promise<void> {
  await load(
    connection,
    runs.flatMap(({ run, records }) => records.map((line) => `{"run":${JSON.stringify(run)},${line.trim().slice(1)}`)),
  );
  const structure = quoted(JSON.stringify({ run: 'VARCHAR', ...recordStructure() }));
  // The first good attempt counts, as in the ledger, and a canary is no cell of the run.
  await connection.run(`CREATE TABLE records AS
    SELECT *, server.compute_infer_us AS compute_infer_us,
      status = 'measured' AND role IS DISTINCT FROM 'canary'
        AND attempt = min(attempt) FILTER (status = 'measured') OVER (PARTITION BY run, unit, id) AS counts
    FROM (SELECT unnest(from_json(line, '${structure}')) FROM loaded)
    ORDER BY run, id, attempt`);
}

const CELLS = `CREATE TABLE cells AS
  SELECT run, variant, batch, concurrency, count(*) AS n, median(compute_infer_us) AS median_us,
    min(compute_infer_us) AS min_us, max(compute_infer_us) AS max_us, stddev_samp(compute_infer_us) AS sd_us
  FROM records WHERE counts AND compute_infer_us IS NOT NULL
  GROUP BY ALL ORDER BY ALL`;

/** Lines of JSON into the table `loaded`, which the next call replaces. */
async function load(connection: DuckDBConnection, lines: readonly string[]): Promise<void> {
  await connection.run('CREATE OR REPLACE TEMP TABLE loaded (line JSON)');
  const appender = await connection.createAppender('loaded');
  for (const line of lines) {
    appender.appendVarchar(line);
    appender.endRow();
  }
  appender.closeSync();
}
