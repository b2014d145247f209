import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { fleetReport, FleetSamples, type FleetReport } from '../fleet/index.js';
import { fleetFiles, fleetJson, fleetText } from '../fleet/render/index.js';
import { EXIT } from '../local/failure.js';
import { ResultsError, writeWhole } from '../records/index.js';
import { openRun, readFleet, type FleetRun } from '../results/index.js';
import { addClusterOptions, type ClusterOptions } from './cluster-options.js';

export interface FleetOptions extends ClusterOptions {
  readonly confirm?: string;
  readonly margin: number;
  readonly annotate?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Kept for what is slower than it should be, as for `compare`. */
const REGRESSED = 1;

/** `hps-bench fleet report`: which GPUs of a fleet are slower than the others, and how sure that is. */
export function addFleetCommand(program: Command): void {
  const fleet = program.command('fleet').description('runs on every GPU of many nodes');
  addClusterOptions(
    fleet
      .command('report')
      .description(
        'distribution over the GPUs, where the variance comes from, and GPUs that are slower than the margin allows',
      )
      .argument('<folder...>', 'collected runs, e.g. results/<run>; several where the fleet was measured in parts'),
  )
    .option('--confirm <folder>', 'a later run on the suspects’ nodes: what shows again there is defective')
    .option('--margin <percent>', 'how much slower than the fleet’s median a GPU may be', marginOption, 0.05)
    .option('--annotate', 'label and annotate the nodes of confirmed defects in the cluster')
    .option('-y, --yes', 'do not ask before annotating')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 no suspect, 1 suspects or defects, 3 incomplete, 2 bad input, 4 the cluster.',
    )
    .action(report);
}

async function report(folders: string[], options: FleetOptions): Promise<void> {
  const samples = new FleetSamples();
  const runs = folders.map((folder) => readFleet(openRun(folder), samples));
  const rerunSamples = new FleetSamples();
  const rerun = options.confirm === undefined ? null : readFleet(openRun(options.confirm), rerunSamples);
  requireComparable([...runs, ...(rerun === null ? [] : [rerun])]);
  if (samples.cells.size === 0)
    throw new ResultsError(`${folders.join(', ')}: nothing was measured yet (hps-bench collect brings it)`);
  const made = fleetReport({
    samples,
    runs: runs.map(({ runId }) => runId),
    expected: sum(runs.map((run) => run.expected)),
    measured: sum(runs.map((run) => run.measured)),
    nodes: runs.flatMap(({ nodes }) => nodes),
    rerun: rerun === null ? null : { run: rerun.runId, samples: rerunSamples },
    margin: options.margin,
  });
  const [folder = '.'] = folders;
  for (const [name, text] of fleetFiles(made)) writeWhole(join(folder, name), text);
  process.stdout.write(
    options.json === true
      ? fleetJson(made)
      : `${fleetText(made)}${next(made, folder)}report: ${join(folder, 'fleet.html')}\n`,
  );
  if (options.annotate === true) {
    const { annotateNodes } = await import('./fleet-annotate.js');
    await annotateNodes(made, options);
  }
  process.exitCode = { pass: EXIT.ok, incomplete: EXIT.incomplete, suspects: REGRESSED, defective: REGRESSED }[
    made.verdict
  ];
}

/** How suspects become more, or less, than that. */
function next({ found, runs, rerun }: FleetReport, folder: string): string {
  const nodes = [...new Set(found.filter(({ finding }) => finding === 'suspect').map(({ node }) => node))].sort();
  if (rerun !== null || nodes.length === 0) return '';
  const again = `${runs[0] ?? 'run'}-again`;
  return (
    `measure them again, with the spec of this run:\n` +
    `  hps-bench run … --run-id ${again} --set 'fleet.nodes=[${nodes.join(', ')}]'\n` +
    `  hps-bench fleet report ${folder} --confirm results/${again}\n`
  );
}

function requireComparable(runs: readonly FleetRun[]): void {
  const [first, ...others] = runs;
  const other = others.find(({ comparable }) => comparable !== first?.comparable);
  if (first !== undefined && other !== undefined)
    throw new ResultsError(
      `run ${other.runId} has another spec than run ${first.runId}: their figures cannot be held against each other (only namespace, run id and nodes may differ)`,
    );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function marginOption(value: string): number {
  const share = Number(value.replace(/\s*%$/, '')) / 100;
  if (!(share > 0 && share <= 1))
    throw new InvalidArgumentError('Allowed: a percentage above 0, at most 100, such as 5 or 5%.');
  return share;
}
