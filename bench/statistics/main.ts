/**
 * How often the verdicts are right, by simulation, and what the statistics of a fleet cost.
 *
 *     npm run bench:statistics [-- --campaigns 10000 --seed 1 --only fixed,adaptive,runs,fleet --json]
 *
 * A campaign is a grid of 44 cells measured twice, or measured against a stored run. Same seed, same figures. The functions
 * that are simulated are those that the commands use. Prints; asserts nothing.
 */
import { parseArgs } from 'node:util';
import { runAdaptive, type AdaptiveResult } from './adaptive.js';
import { runFixed, type FixedResult } from './fixed.js';
import { runFleet, type FleetResult } from './fleet.js';
import { ADAPTIVE_PASSES, FIXED_PASSES, RUNS_PASSES } from './plan.js';
import { Progress } from './progress.js';
import { runRuns, type RunsResult } from './runs.js';
import { adaptiveText, fixedText, fleetText, runsText } from './text.js';

const PARTS = ['fixed', 'adaptive', 'runs', 'fleet'] as const;
const { campaigns, seed, only, json } = options();
const passes = only.reduce(
  (sum, part) => sum + { fixed: FIXED_PASSES, adaptive: ADAPTIVE_PASSES, runs: RUNS_PASSES, fleet: [0] }[part].length,
  0,
);
const progress = new Progress(passes);

const results: {
  campaigns: number;
  seed: number;
  fixed?: FixedResult[];
  adaptive?: AdaptiveResult[];
  runs?: RunsResult[];
  fleet?: FleetResult;
} = {
  campaigns,
  seed,
};
for (const part of only) {
  if (part === 'fixed') {
    results.fixed = FIXED_PASSES.map((pass) => {
      const title = `${pass.repeats} repeats, ${pass.noise}, ${pass.kind}`;
      return watched(title, (tick) => runFixed(pass, campaigns, seed, tick));
    });
  } else if (part === 'adaptive') {
    results.adaptive = ADAPTIVE_PASSES.map((pass) => {
      const title = `adaptive, ${pass.noise}, CV ${100 * pass.cv} %, ${pass.kind}`;
      return watched(title, (tick) => runAdaptive(pass, campaigns, seed, tick));
    });
  } else if (part === 'runs') {
    results.runs = RUNS_PASSES.map((pass) => {
      const title = `${pass.runs} runs a side, CV ${100 * pass.cv.run} % between runs, ${pass.kind}`;
      return watched(title, (tick) => runRuns(pass, campaigns, seed, tick));
    });
  } else {
    results.fleet = watched('1,000 GPUs', () => runFleet());
  }
}
if (json) console.log(JSON.stringify(results, null, 2));
else {
  console.log(`${campaigns} campaigns each, seed ${seed}`);
  if (results.fixed !== undefined) console.log(fixedText(results.fixed));
  if (results.adaptive !== undefined) console.log(adaptiveText(results.adaptive));
  if (results.runs !== undefined) console.log(runsText(results.runs));
  if (results.fleet !== undefined) console.log(fleetText(results.fleet));
}

function watched<T>(title: string, run: (tick: (share: number) => void) => T): T {
  progress.at(title, 0);
  const result = run((share) => {
    progress.at(title, share);
  });
  progress.finish(title);
  return result;
}

function options(): { campaigns: number; seed: number; only: (typeof PARTS)[number][]; json: boolean } {
  const { values } = parseArgs({
    options: {
      campaigns: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: PARTS.join(',') },
      json: { type: 'boolean', default: false },
    },
  });
  const whole = (name: 'campaigns' | 'seed', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) fail(`--${name} is ${values[name]}; a whole number from ${least}`);
    return value;
  };
  const only = PARTS.filter((part) => values.only.split(',').includes(part));
  const unknown = values.only.split(',').find((part) => !(PARTS as readonly string[]).includes(part));
  if (unknown !== undefined) fail(`--only has ${unknown}; allowed are ${PARTS.join(', ')}, with commas between`);
  return { campaigns: whole('campaigns', 1), seed: whole('seed', 0), only, json: values.json };
}

function fail(message: string): never {
  process.stderr.write(`bench:statistics: ${message}\n`);
  process.exit(2);
}
