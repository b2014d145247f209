import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { AnyPlan } from '../../jobs/conductor/plan.js';
import { RefusedError } from '../cluster/refused.js';
import { EnvironmentError } from '../local/index.js';
import { forecast, planSummary } from '../planner/index.js';
import { loadSpec, type Spec } from '../spec/index.js';
import { addClusterOptions, connect, nameOption, type ClusterOptions } from './cluster-options.js';
import { addSpecOptions, loadOptions, type SpecOptions } from './options.js';
import { applyRun } from './run-apply.js';
import { detach, followRun } from './run-follow.js';
import { Interrupts } from './interrupts.js';

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
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const spec = loadSpec(specOptions(options));
  const plan = forecast(spec, { place: 'cluster' });
  const say = (text: string): void => {
    (options.json === true ? process.stderr : process.stdout).write(text);
  };
  say(planSummary(plan));
  if (!plan.fits)
    throw new EnvironmentError(
      'the plan does not fit: nothing was applied',
      'hps-bench plan says more; change the spec',
    );
  const { objects, plans } = await manifests(spec);
  const client = connect(options, spec.cluster.namespace);
  const interrupts = new Interrupts();
  try {
    const context: RunContext = { client, plans, options, say, interrupts };
    const applied = await applyRun({ ...context, objects });
    process.exitCode = applied ? await followRun(context) : detach(context);
  } finally {
    interrupts.release();
    await client.close();
  }
}

/** The charts are loaded only here: cdk8s takes a second. @throws RefusedError with what the rules found */
async function manifests(spec: Spec) {
  const { benchObjects } = await import('../../charts/objects.js');
  const { conductorProgram, pythonPrograms } = await import('../../charts/job-files.js');
  try {
    return benchObjects(spec, { python: pythonPrograms(), conductor: conductorProgram() });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Validation failed')) throw new RefusedError(error.message);
    throw error;
  }
}

/** The spec with what the command line says of namespace and run. */
function specOptions({ namespace, runId, ...options }: RunOptions) {
  const file = options.spec ?? (options.preset === undefined && existsSync('bench.yaml') ? 'bench.yaml' : undefined);
  const set = [
    ...(options.set ?? []),
    ...(namespace === undefined ? [] : [`cluster.namespace=${namespace}`]),
    ...(runId === undefined ? [] : [`cluster.runId=${runId}`]),
  ];
  return loadOptions({ ...options, ...(file === undefined ? {} : { spec: file }), set }, 'a100-page');
}

/** What both halves of `run` work with. */
export interface RunContext {
  readonly client: ReturnType<typeof connect>;
  readonly plans: readonly AnyPlan[];
  readonly options: RunOptions;
  readonly say: (text: string) => void;
  readonly interrupts: Interrupts;
}
