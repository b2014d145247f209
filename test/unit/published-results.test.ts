import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellsIn, compareRuns, severalRuns, type ResultSet } from '../../src/compare/index.js';
import { loadResults, openRun, refreshResults } from '../../src/results/index.js';
import { PACKAGE_ROOT } from '../../src/spec/index.js';
import { mean, variance } from '../../src/statistics/index.js';
import { DEFAULT_OPTIONS } from '../../src/verdict/index.js';
import { stretches } from '../support/stretches.js';

const PUBLISHED = join(PACKAGE_ROOT, 'results', 'published');
const H200 = 'h200-2026-11-25';
const H200_LOCAL = 'h200-2026-11-30';
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
function rowsBelow(heading: string, document = DOC): number[][] {
  const lines = document.slice(document.indexOf(heading)).split('\n');
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
  [H200_LOCAL, '### One H200 over plain HTTP'],
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

it('of one H200 are the figures of the table in README.md', async () => {
  const rows = rowsBelow('## On a current GPU', readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8'));
  const [cpu, fp16] = [
    await medians(H200_LOCAL, 'http', 'torch_cpu_table'),
    await medians(H200_LOCAL, 'http', 'torch_fp16'),
  ];
  expect(rows).toHaveLength(11);
  for (const [batch = NaN, , , ...printed] of rows) {
    near(printed[0], cpu.get(batch));
    near(printed[1], fp16.get(batch));
    expect(printed[2]).toBeCloseTo((cpu.get(batch) ?? NaN) / (fp16.get(batch) ?? NaN), 2);
  }
}, 120_000);

it.each([
  [H200, '### How tensors travel\n', ['http', 'http-fp16-table', 'grpc-system-shm', 'cuda-shm', 'cuda-shm-fp16-table']],
  [H200_LOCAL, '### How tensors travel to that H200', ['http', 'cuda-shm']],
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
  [H200_LOCAL, 2, 0],
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

/** Fifteen runs of the same model in the order in which they were measured: b1, a1, b2, a2 … */
function sameModel(): ResultSet[] {
  const root = join(folder, 'h100-2026-11-27-same-model');
  const runs = readdirSync(root).map((name) => loadResults(join(root, name)));
  const began = ({ records }: ResultSet) => Date.parse(records[0]?.started_at ?? '');
  return runs.sort((a, b) => began(a) - began(b));
}

it('of the same model on one H100 have no alarm, one run a side or several in turn', () => {
  const runs = sameModel();
  expect(runs).toHaveLength(15);
  const verdict = (a: ResultSet[], b: ResultSet[]) =>
    compareRuns(severalRuns(a), severalRuns(b), { ...DEFAULT_OPTIONS, allow: [] }).verdict;
  const neighbours = runs.slice(1).map((run, index) => verdict([run], runs.slice(index, index + 1)));
  expect(neighbours.filter((one) => one === 'inconclusive')).toHaveLength(12);
  expect(neighbours.filter((one) => one === 'environment invalid')).toHaveLength(2);
  const inTurn = [3, 4, 5, 6, 7].flatMap((aSide) => stretches(runs, aSide).map(({ odd, even }) => verdict(odd, even)));
  expect(inTurn).toEqual(Array.from({ length: 30 }, () => 'inconclusive'));
}, 120_000);

it('of the same model on one H100 lie as far apart as docs/statistics.md says', () => {
  const logs = new Map<string, number[][]>();
  for (const run of sameModel())
    for (const { variant, batch, microseconds } of cellsIn(run).values()) {
      const key = `${variant} | ${batch}`;
      logs.set(key, [...(logs.get(key) ?? []), microseconds.map(Math.log)]);
    }
  const doc = readFileSync(join(PACKAGE_ROOT, 'docs', 'statistics.md'), 'utf8');
  expect(logs.size).toBe(6);
  for (const [key, runs] of logs) {
    const within = mean(runs.map(variance));
    const between = variance(runs.map(mean));
    const middle = Math.exp(mean(runs.map(mean))).toFixed(0);
    const spreads = [within, within / 5, between].map((one) => (100 * Math.sqrt(one)).toFixed(1));
    expect(doc).toContain(`| ${[key, middle, ...spreads].join(' | ')} |`);
  }
});
