import type { Command } from 'commander';
import { addClusterOptions, type ClusterOptions } from './cluster-options.js';

export interface TeardownOptions extends ClusterOptions {
  readonly all?: boolean;
  readonly volume?: boolean;
  readonly yes?: boolean;
}

/** `hps-bench teardown`: removes what a run made in the cluster, the GPU first; the volume stays. */
export function addTeardownCommand(program: Command): void {
  addClusterOptions(
    program
      .command('teardown')
      .description('remove what a run made in the cluster, the GPU first; the volume stays, with models and results')
      .argument('[run]', 'its id; left out: the only one there'),
  )
    .option('--all', 'every run, and what they share: models’ and engines’ Jobs, Triton, policies')
    .option('--volume', 'the volume too: models, engines and evidence are then gone (only with --all)')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nSafe to repeat. The namespace stays; hps-bench run makes again what is not there.')
    .action(async (run: string | undefined, options: TeardownOptions) => {
      // client-node is not loaded before it is needed.
      const { teardownCommand } = await import('./teardown-command.js');
      await teardownCommand(run, options);
    });
}
