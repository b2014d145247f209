import { relative } from 'node:path';
import type { Command } from 'commander';
import { countByStatus, isComplete, type Ledger } from '../ledger/index.js';
import {
  checkLocalSpec,
  EnvironmentError,
  EXIT,
  InterruptedError,
  runLocal,
  type LocalOutcome,
} from '../local/index.js';
import { reportJson, terminalTable } from '../report/index.js';
import { chooseRun } from '../results/index.js';
import { loadSpec } from '../spec/index.js';
import { addSpecOptions, loadOptions, type SpecOptions } from './options.js';

interface LocalOptions extends SpecOptions {
  readonly results: string;
  readonly runId?: string;
  readonly json?: boolean;
  readonly gpu?: boolean;
}

/** `hps-bench local`: the whole benchmark on this machine, without a cluster. */
export function addLocalCommand(program: Command): void {
  const command = program
    .command('local')
    .description('make, serve and measure the model on this machine, without a GPU or with one');
  addSpecOptions(command)
    .option('--gpu', 'take this machine’s GPU, for the variants in PyTorch (HPS_BENCH_PYTHON: the Python that has it)')
    .option('--results <folder>', 'folder of all runs', 'results')
    .option('--run-id <id>', 'run to make or go on with; left out: the unfinished one of this spec, else a new one')
    .option('--json', 'print the report as JSON; progress goes to stderr')
    .action(local);
}

async function local(options: LocalOptions): Promise<void> {
  const gpu = options.gpu === true;
  const spec = loadSpec(loadOptions(options, gpu ? 'local-gpu' : 'local'));
  checkLocalSpec(spec, gpu);
  const { run, resumed } = chooseRun({
    root: options.results,
    spec,
    now: new Date(),
    ...(options.runId === undefined ? {} : { runId: options.runId }),
  });
  const json = options.json === true;
  const line = (text: string): void => {
    (json ? process.stderr : process.stdout).write(`${text}\n`);
  };
  line(`${resumed ? 'going on with' : 'new'} run ${run.runId} (spec ${run.specHash})`);
  line(
    gpu
      ? "HPS needs NVIDIA's image, so it is not part of this run; the variants here are PyTorch's and are named for what they are."
      : "HPS needs a GPU and NVIDIA's image, so it is not part of this run; the variants here run on the CPU and are named for what they are.",
  );
  const terminal = !json && process.stdout.isTTY && process.env['CI'] === undefined;
  const outcome = await withSignals((onStart) => runLocal(spec, run, { terminal, line, gpu, onStart }));
  if (json) process.stdout.write(reportJson(outcome.model));
  else conclude(outcome, line);
  process.exitCode = exitCode(outcome);
}

/** Passes SIGINT and SIGTERM on to the processes of the run for as long as it lasts. */
async function withSignals<T>(
  work: (onStart: (processes: { interrupt(signal: NodeJS.Signals): void }) => void) => Promise<T>,
): Promise<T> {
  let target: { interrupt(signal: NodeJS.Signals): void } | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    target?.interrupt(signal);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await work((processes) => (target = processes));
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function conclude(outcome: LocalOutcome, line: (text: string) => void): void {
  line('');
  line(terminalTable(outcome.model));
  line('');
  line(summary(outcome.ledger));
  line(`report: ${relative(process.cwd(), outcome.report)}`);
  if (outcome.cause !== undefined) console.error(`hps-bench: ${outcome.cause.message}`);
  else if (!isComplete(outcome.ledger))
    console.error('hps-bench: the run is incomplete; the report says why of each measurement');
}

function summary(ledger: Ledger): string {
  const { measured, invalid, failed, missing } = countByStatus(ledger);
  const others = Object.entries({ invalid, failed, missing }).flatMap(([name, count]) =>
    count > 0 ? [`${count} ${name}`] : [],
  );
  const again = [...ledger.entries, ...ledger.canaries].reduce((sum, { earlier }) => sum + earlier.length, 0);
  const counts = [
    `${measured} of ${ledger.entries.length} measurements measured`,
    ...others,
    ...(ledger.notNeeded.length > 0 ? [`${ledger.notNeeded.length} not needed`] : []),
    ...(again > 0 ? [`${again} made again (ledger.json says why)`] : []),
  ].join(', ');
  const { state, reason } = ledger.environment;
  return `${counts}\nenvironment ${state}: ${reason}`;
}

function exitCode(outcome: LocalOutcome): number {
  if (outcome.cause instanceof InterruptedError) return outcome.cause.exitCode;
  if (!isComplete(outcome.ledger)) return EXIT.incomplete;
  return outcome.cause instanceof EnvironmentError ? EXIT.environment : EXIT.ok;
}
