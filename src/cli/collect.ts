import { InvalidArgumentError, Option, type Command } from 'commander';
import { EXIT } from '../local/failure.js';
import { addClusterOptions, DEFAULT_NAMESPACE, nameOption, type ClusterOptions } from './cluster-options.js';
import { CollectProgress } from './collect-progress.js';
import { summaryOf, textOf } from './collect-text.js';
import { Interrupts } from './interrupts.js';

interface CollectOptions extends ClusterOptions {
  readonly run?: string;
  readonly results: string;
  readonly wait?: boolean;
  readonly volume: 'missing' | 'always' | 'never';
  readonly parallel: number;
  readonly json?: boolean;
}

/** `hps-bench collect`: what the pods of a run measured, into its folder. */
export function addCollectCommand(program: Command): void {
  const command = program
    .command('collect')
    .description(
      "bring a run's measurements from its cluster into results/<run>; may be stopped and repeated at any time",
    );
  addClusterOptions(command)
    .option('--run <id>', 'run to collect; left out: the only one of the namespace', nameOption)
    .option('--results <folder>', 'folder of all runs', 'results')
    .option('--wait', 'stay until everything has ended')
    .addOption(
      new Option(
        '--volume <when>',
        'whether a reader pod looks on the volume: where logs lack something, always, or never',
      )
        .choices(['missing', 'always', 'never'])
        .default('missing'),
    )
    .option('--parallel <n>', 'logs read at once', parallelOption, 64)
    .option('--json', 'print what came of it as JSON; progress goes to stderr')
    .action(collect);
}

async function collect(options: CollectOptions, command: Command): Promise<void> {
  // client-node is not loaded before it is needed.
  const { collectRun, findRun } = await import('../cluster/collect/index.js');
  const { connect } = await import('./connect.js');
  const json = options.json === true;
  const progress = new CollectProgress(json ? process.stderr : process.stdout);
  const client = connect(options, options.namespace ?? DEFAULT_NAMESPACE);
  const interrupts = new Interrupts();
  try {
    const run = await findRun(client, options.run);
    progress.line(
      `run ${run.runId} (spec ${run.specHash}) in namespace ${client.namespace}, context ${client.context} at ${client.server}`,
    );
    const { results, parallel, wait = false } = options;
    const collected = await collectRun(client, run, {
      ...{ results, parallel, wait, volume: volumeOf(options, command) },
      signal: interrupts.signal,
      onProgress: (tally) => {
        progress.show(tally);
      },
      say: (text) => {
        progress.line(text);
      },
    });
    progress.end(collected.tally);
    process.stdout.write(json ? `${JSON.stringify(summaryOf(collected), null, 2)}\n` : textOf(collected));
    const complete = collected.counts.measured === collected.expected && collected.contradictions.length === 0;
    process.exitCode = interrupts.exitCode ?? (complete ? EXIT.ok : EXIT.incomplete);
  } finally {
    interrupts.release();
    await client.close();
  }
}

/** A pod is started only in a context that was named, or where that was asked for by itself. */
function volumeOf(options: CollectOptions, command: Command): CollectOptions['volume'] {
  const asked = command.getOptionValueSource('volume') !== 'default';
  return asked || options.context !== undefined ? options.volume : 'never';
}

function parallelOption(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 512)
    throw new InvalidArgumentError('Allowed: a whole number from 1 to 512.');
  return count;
}
