import type { Command } from 'commander';
import { addClusterOptions, nameOption, type ClusterOptions } from './cluster-options.js';
import { addSpecOptions, type SpecOptions } from './options.js';

export interface RunOptions extends SpecOptions, ClusterOptions {
  readonly runId?: string;
  readonly yes?: boolean;
  readonly takeOver?: boolean;
  readonly teardown?: boolean;
  readonly results: string;
  readonly json?: boolean;
}

/** `hps-bench run`: the whole benchmark on a cluster, from nothing to the report; again, it attaches. */
export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description(
      'plan, apply, follow and collect a run on a cluster, and free the GPU; again, it attaches to that run',
    );
  addClusterOptions(addSpecOptions(command))
    .option('--run-id <id>', 'the run; a new one measures again on the models and engines that are there', nameOption)
    .option('-y, --yes', 'do not ask before applying')
    .option('--take-over', 'set fields that others changed in the cluster back to the spec’s')
    .option('--teardown', 'remove the run’s objects when it is over; the volume stays')
    .option('--results <folder>', 'folder of all runs', 'results')
    .option('--json', 'print the report as JSON; progress goes to stderr')
    .addHelpText(
      'after',
      '\nWithout --spec and --preset: bench.yaml of this folder, else the published benchmark (a100-page).' +
        '\nCtrl-C detaches: the run goes on in the cluster. A second one quits at once.',
    )
    .action(async (options: RunOptions) => {
      // client-node and cdk8s are not loaded before they are needed.
      const { run } = await import('./run-command.js');
      await run(options);
    });
}
