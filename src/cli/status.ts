import type { Command } from 'commander';
import { addClusterOptions, type ClusterOptions } from './cluster-options.js';

export interface StatusOptions extends ClusterOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly results: string;
}

/** `hps-bench status`: one screen on one run. Nothing is written anywhere. */
export function addStatusCommand(program: Command): void {
  addClusterOptions(
    program
      .command('status')
      .description('show how far a run on a cluster is, what it waits for, and whether it holds a GPU')
      .argument('[run]', 'its id; left out: the one that runs, else the newest'),
  )
    .option('-w, --watch', 'show it again and again until it is over')
    .option('--results <folder>', 'folder of all runs', 'results')
    .option('--json', 'print JSON; with --watch one line each time something changed')
    .addHelpText('after', '\nExit codes: 0 complete or still going on, 3 incomplete, 4 failed, 2 no such run.')
    .action(async (run: string | undefined, options: StatusOptions) => {
      // client-node is not loaded before it is needed.
      const { status } = await import('./status-command.js');
      await status(run, options);
    });
}
