import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRun, refreshResults } from '../../src/results/index.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';

const PUBLISHED = join(PACKAGE_ROOT, 'results', 'published');
const H200 = 'h200-2026-11-25';
const H100 = 'h100-2026-11-27';
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
async function medians(machine: string, run: string, variant: string): Promise<Map<number, number>> {
  const { model } = await refreshResults(openRun(join(folder, machine, run)));
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

it.each([
  [H200, "### The page's table"],
  [H100, '### One H100 over plain HTTP'],
])(
  "of %s is recomputed from its evidence to the page's table in docs/current-gpus.md",
  async (machine, heading) => {
    const variants = ['torch_cpu_table', 'torch_fp32', 'torch_fp16_cache', 'torch_fp16'];
    const columns: Map<number, number>[] = [];
    for (const variant of variants) columns.push(await medians(machine, 'http', variant));
    const rows = rowsBelow(heading);
    expect(rows).toHaveLength(11);
    for (const [batch = NaN, , ...printed] of rows)
      columns.forEach((column, index) => {
        near(printed[index], column.get(batch));
      });
  },
  120_000,
);

it.each([
  [H200, '### How tensors travel\n', ['http', 'http-fp16-table', 'grpc-system-shm', 'cuda-shm', 'cuda-shm-fp16-table']],
  [H100, '### How tensors travel to one H100', ['http', 'grpc-system-shm', 'cuda-shm']],
])(
  'of %s is recomputed to the table of the ways in which tensors travel',
  async (machine, heading, runs) => {
    const rows = rowsBelow(heading);
    expect(rows).toHaveLength(11);
    for (const [column, run] of runs.entries()) {
      const computed = await medians(machine, run, 'torch_fp16');
      for (const row of rows) near(row[column + 1], computed.get(row[0] ?? NaN));
    }
  },
  120_000,
);

it.each([
  [H200, 14, 7],
  [H100, 3, 0],
])(
  'of %s has every measurement of every run, but those that its page names',
  async (machine, runs, left) => {
    const names = readdirSync(join(PUBLISHED, machine), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name !== 'server',
    );
    expect(names).toHaveLength(runs);
    for (const { name } of names) {
      const { ledger } = await refreshResults(openRun(join(folder, machine, name)));
      const lacking = ledger.entries.filter(({ status }) => status !== 'measured').length;
      expect([name, lacking]).toEqual([name, name === 'grpc-system-shm' ? left : 0]);
    }
  },
  120_000,
);
