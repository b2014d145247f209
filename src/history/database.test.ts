import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { historyLines } from './changes.js';
import { openHistory } from './database.js';
import { readHistory } from './history.js';
import { partialOf, query, queryToParquet } from './query.js';
import { scanResults } from './scan.js';
import { testRecord, writeRun } from './testing.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hps-bench's-history-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const open = (writable?: string): Promise<DuckDBConnection> =>
  openHistory(scanResults(root), { root, ...(writable === undefined ? {} : { writable }) });

describe('the tables', () => {
  it('count the first good attempt of a measurement, as the ledger does', async () => {
    const path = writeRun(root, { run: 'a', cells: [] });
    const attempts = [
      testRecord({ variant: 'tf', batch: 32, repeat: 1, attempt: 1 }, 99, { status: 'invalid', reasons: ['late'] }),
      testRecord({ variant: 'tf', batch: 32, repeat: 1, attempt: 2 }, 10),
      testRecord({ variant: 'tf', batch: 32, repeat: 1, attempt: 3 }, 11),
      testRecord({ variant: 'tf', batch: 32, repeat: 2, attempt: 1 }, 20),
      testRecord({ variant: 'tf', batch: 64, repeat: 1, attempt: 1 }, 5, { status: 'failed' }),
    ];
    writeFileSync(join(path, 'records.ndjson'), attempts.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const connection = await open();
    expect((await query(connection, 'select attempt from records where counts order by all')).rows).toEqual([[1], [2]]);
    expect(await query(connection, 'select run, variant, batch, n, median_us from cells')).toEqual({
      columns: ['run', 'variant', 'batch', 'n', 'median_us'],
      rows: [['a', 'tf', 32, 2, 15]],
    });
    expect(
      (
        await query(
          connection,
          'select server.queue_us, reasons from records where attempt = 1 and repeat = 1 and batch = 32',
        )
      ).rows,
    ).toEqual([[1, ['late']]]);
  });

  it('give the history of hundreds of runs', async () => {
    for (let i = 0; i < 200; i++) {
      const createdAt = new Date(Date.UTC(2026, 0, 1, i)).toISOString();
      writeRun(root, { run: `run-${i}`, createdAt, cells: [['tf', 32, [100 + i, 100 + i, 100 + i]]] });
    }
    const lines = historyLines(await readHistory(await open()));
    expect(lines.map(({ run }) => run)).toEqual(Array.from({ length: 200 }, (_, i) => `run-${i}`));
    expect(lines[199]?.change).toBeCloseTo(299 / 298, 12);
    expect(lines[199]).toMatchObject({
      previous: 'run-198',
      measured: 3,
      expected: 3,
      createdAt: '2026-01-09T07:00:00.000Z',
    });
  });

  it('are there, and empty, where there is no run', async () => {
    const connection = await open();
    for (const table of ['runs', 'records', 'cells'])
      expect((await query(connection, `select count(*) from ${table}`)).rows).toEqual([[0]]);
  });
});

describe('a query', () => {
  const refused = async (sql: string): Promise<string> => {
    const error: unknown = await query(await open(), sql).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'QueryError' });
    return (error as Error).message;
  };

  it('reads files below the results folder and no others', async () => {
    writeRun(root, { run: 'a', cells: [['tf', 32, [1]]] });
    const below = `select count(*) from read_json('${root.replaceAll("'", "''")}/*/run.json')`;
    expect((await query(await open(), below)).rows).toEqual([[1]]);
    for (const file of ['/etc/passwd', `${root}/../../etc/passwd`, 'https://example.org/x'])
      expect(await refused(`select * from read_text('${file.replaceAll("'", "''")}')`)).toContain('Permission Error');
  });

  it('changes nothing, whatever it is', async () => {
    writeRun(root, { run: 'a', cells: [['tf', 32, [1]]] });
    const inside = join(root, 'a', 'x').replaceAll("'", "''");
    const changes = [
      'create table t (i int)',
      `copy cells to '${inside}'`,
      `attach '${inside}'`,
      'drop table cells',
      'set threads = 1',
    ];
    for (const sql of [...changes, 'explain analyze select 1', 'install httpfs', 'select 1; select 2', '']) {
      await refused(sql);
      expect(readdirSync(join(root, 'a')).sort()).toEqual(['evidence', 'ledger.json', 'records.ndjson', 'run.json']);
    }
    expect(await refused('set enable_external_access = true')).toMatch(/only SELECT|locked/);
  });

  it('that is wrong is answered in DuckDB’s words', async () => {
    expect(await refused('select nope from cells')).toContain('Referenced column "nope" not found');
    expect(await refused('selec 1')).toContain('syntax error at or near "selec"');
  });

  it('goes into a Parquet file whole, or leaves nothing', async () => {
    writeRun(root, { run: 'a', cells: [['tf', 32, [1, 2]]] });
    const file = join(root, 'all.parquet');
    const connection = await open(partialOf(file));
    await queryToParquet(connection, 'select * from records;', file);
    const again = `select count(*), sum(server.compute_infer_us) from '${file.replaceAll("'", "''")}'`;
    expect((await query(await open(), again)).rows).toEqual([[2, 3]]);
    const broken = join(root, 'broken.parquet');
    await expect(queryToParquet(await open(partialOf(broken)), "select error('no')", broken)).rejects.toThrow('no');
    expect(readdirSync(root).filter((name) => name.startsWith('broken'))).toEqual([]);
    const elsewhere = join(tmpdir(), `hps-bench-elsewhere-${process.pid}`);
    await expect(queryToParquet(connection, 'select 1', elsewhere)).rejects.toThrow('Permission Error');
    expect(existsSync(elsewhere)).toBe(false);
  });
});
