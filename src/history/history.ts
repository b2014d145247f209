import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { rowObjects } from './answer-text.js';
import type { HistoryCell, HistoryRun } from './changes.js';
import { query } from './query.js';

const text = z.string().nullable();
const count = z.int().nullable();

const runRow = z.object({
  run: z.string(),
  createdAt: text,
  spec: text,
  specHash: text,
  hardware: text,
  withoutGpu: z.boolean(),
  expected: count,
  measured: count,
  variants: z.array(z.string()).nullable(),
});
const RUNS = `SELECT run, strftime(created_at, '%Y-%m-%dT%H:%M:%S.%gZ') AS "createdAt", spec, spec_hash AS "specHash",
  hardware, without_gpu AS "withoutGpu", expected, measured, variants FROM runs`;

const cellRow = z.object({
  run: z.string(),
  variant: z.string(),
  batch: z.int(),
  concurrency: z.int(),
  valuesUs: z.array(z.number()),
  repeats: z.array(z.int()),
  medianUs: z.number(),
});
const CELLS = `SELECT run, variant, batch, concurrency, list(compute_infer_us ORDER BY repeat) AS "valuesUs",
    list(repeat ORDER BY repeat) AS repeats, median(compute_infer_us) AS "medianUs"
  FROM records WHERE counts AND compute_infer_us IS NOT NULL GROUP BY ALL ORDER BY ALL`;

/** Every run with its cells. */
export async function readHistory(connection: DuckDBConnection): Promise<HistoryRun[]> {
  const cells = z.array(cellRow).parse(rowObjects(await query(connection, CELLS)));
  const byRun = new Map<string, HistoryCell[]>();
  for (const { run, ...cell } of cells) byRun.set(run, [...(byRun.get(run) ?? []), cell]);
  const runs = z.array(runRow).parse(rowObjects(await query(connection, RUNS)));
  return runs.map((run) => ({
    ...run,
    variants: run.variants ?? [],
    cells: byRun.get(run.run) ?? [],
  }));
}
