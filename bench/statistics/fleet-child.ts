/** 1,000 GPUs, 8 a node, each with ten repeats of 44 cells: every statistic of them (`full`), or means alone (`plain`). */
import { fitLine, medianInterval, varianceComponents } from '../../src/statistics/index.js';
import { compareGrid } from '../../src/verdict/index.js';
import { asMeasured } from './fixed.js';
import { campaign, CELLS, deviations, random } from './noise.js';

const GPUS = 1000;
const GPUS_A_NODE = 8;
const REPEATS = 10;
const BATCHES = [32, 64, 256, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072];

const source = random(1);
const spread = deviations(source, 'normal', 0.02);
const fleet = Array.from({ length: GPUS }, () => {
  const factor = Math.exp(0.02 * source.normal());
  return campaign(source, 'normal', spread, REPEATS).map((cell) => cell.map((value) => value * factor));
});
const reference = campaign(source, 'normal', spread, REPEATS);

const start = performance.now();
const cpu = process.cpuUsage();
const figures = process.argv[2] === 'full' ? fullStatistics() : means();
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    figures,
  }),
);

/** For each GPU: medians, comparison with a reference run, a line a variant; for each cell of the fleet: where variance is. */
function fullStatistics(): number {
  const results = fleet.map((cells) => ({
    medians: cells.map((values) => medianInterval(values)),
    comparison: compareGrid(asMeasured(cells, reference)),
    lines: [0, 1, 2, 3].map((variant) =>
      fitLine(BATCHES.flatMap((x, i) => (cells[variant * BATCHES.length + i] ?? []).map((y) => ({ x, y })))),
    ),
  }));
  const components = Array.from({ length: CELLS }, (_, cell) =>
    varianceComponents(
      fleet.flatMap((cells, gpu) =>
        (cells[cell] ?? []).map((value, repeat) => ({
          node: String(Math.floor(gpu / GPUS_A_NODE)),
          gpu: String(gpu),
          run: String(repeat),
          values: [value],
        })),
      ),
    ),
  );
  return (
    results.reduce(
      (sum, { medians, comparison, lines }) => sum + medians.length + comparison.cells.length + lines.length,
      0,
    ) + components.flat().length
  );
}

function means(): number {
  return fleet.flatMap((cells) => cells.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length))
    .length;
}
