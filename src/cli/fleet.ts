import { InvalidArgumentError, type Command } from 'commander';
import { fleetJson } from '../fleet/render/index.js';
import { EXIT } from '../local/failure.js';
import { addClusterOptions, type ClusterOptions } from './cluster-options.js';
import { DEFAULT_MARGIN, fleetReportOf, fleetSaid, writeFleetReport } from './fleet-report.js';

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
    .option('--margin <percent>', 'how much slower than the fleet’s median a GPU may be', marginOption, DEFAULT_MARGIN)
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
  const { confirm, margin, json, annotate } = options;
  const made = fleetReportOf(folders, { margin, ...(confirm === undefined ? {} : { confirm }) });
  const [folder = '.'] = folders;
  writeFleetReport(made, folder);
  process.stdout.write(json === true ? fleetJson(made) : fleetSaid(made, folder));
  if (annotate === true) {
    const { annotateNodes } = await import('./fleet-annotate.js');
    await annotateNodes(made, options);
  }
  process.exitCode = { pass: EXIT.ok, incomplete: EXIT.incomplete, suspects: REGRESSED, defective: REGRESSED }[
    made.verdict
  ];
}

function marginOption(value: string): number {
  const share = Number(value.replace(/\s*%$/, '')) / 100;
  if (!(share > 0 && share <= 1))
    throw new InvalidArgumentError('Allowed: a percentage above 0, at most 100, such as 5 or 5%.');
  return share;
}
