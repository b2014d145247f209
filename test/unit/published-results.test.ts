import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRun, refreshResults } from '../../src/results/index.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

const PUBLISHED = join(PACKAGE_ROOT, 'results', 'published', 'h200-2026-11-25');
const DOC = readFileSync(join(PACKAGE_ROOT, 'docs', 'current-gpus.md'), 'utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-published-'));
  cpSync(PUBLISHED, folder, { recursive: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Whole µs of a cell's median, by batch. */
async function medians(run: string, variant: string): Promise<Map<number, number>> {
  const { model } = await refreshResults(openRun(join(folder, run)));
  return new Map(
    model.batches.map((batch) => {
      const cell = model.cells.find((one) => one.variant === variant && one.batch === batch);
      const sorted = (cell?.values ?? []).map(({ computeInferUs }) => computeInferUs).sort((a, b) => a - b);
      const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
      return [batch, ((low ?? NaN) + (high ?? NaN)) / 2];
    }),
  );
}

/** The rows of the table below a heading, as the numbers that begin each cell. */
function rowsBelow(heading: string): number[][] {
  const lines = DOC.slice(DOC.indexOf(heading)).split('\n');
  const start = lines.findIndex((line) => /^\| \d/.test(line));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => Number.parseFloat(cell)),
  );
}

function near(printed: number | undefined, computed: number | undefined): void {
  expect(Math.abs((printed ?? NaN) - (computed ?? NaN))).toBeLessThanOrEqual(0.51);
}

it("is recomputed from its evidence to the page's table in docs/current-gpus.md", async () => {
  const variants = ['torch_cpu_table', 'torch_fp32', 'torch_fp16_cache', 'torch_fp16'];
  const columns: Map<number, number>[] = [];
  for (const variant of variants) columns.push(await medians('http', variant));
  const rows = rowsBelow("### The page's table");
  expect(rows).toHaveLength(11);
  for (const [batch = NaN, , ...printed] of rows)
    columns.forEach((column, index) => {
      near(printed[index], column.get(batch));
    });
}, 120_000);

it('is recomputed to the table of the ways in which tensors travel', async () => {
  const runs = ['http', 'http-fp16-table', 'grpc-system-shm', 'cuda-shm', 'cuda-shm-fp16-table'];
  const rows = rowsBelow('### How tensors travel');
  for (const [column, run] of runs.entries()) {
    const computed = await medians(run, 'torch_fp16');
    for (const row of rows) near(row[column + 1], computed.get(row[0] ?? NaN));
  }
}, 120_000);

it('has every measurement of every run, but those that its page names', async () => {
  const names = readdirSync(PUBLISHED, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'server',
  );
  expect(names).toHaveLength(14);
  for (const { name } of names) {
    const { ledger } = await refreshResults(openRun(join(folder, name)));
    const lacking = ledger.entries.filter(({ status }) => status !== 'measured').length;
    expect([name, lacking]).toEqual([name, name === 'grpc-system-shm' ? 7 : 0]);
  }
}, 120_000);
