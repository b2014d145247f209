import { existsSync } from 'node:fs';
import { RefusedError } from '../cluster/refused.js';
import { EnvironmentError } from '../local/index.js';
import { forecast, planSummary } from '../planner/index.js';
import { loadSpec, type Spec } from '../spec/index.js';
import { connect } from './connect.js';
import { loadOptions } from './options.js';
import type { RunOptions } from './run.js';
import { applyRun } from './run-apply.js';
import type { RunContext } from './run-context.js';
import { detach, followRun } from './run-follow.js';
import { Interrupts } from './interrupts.js';
import { terminalWidth } from './terminal.js';

export async function run(options: RunOptions): Promise<void> {
  const spec = loadSpec(specOptions(options));
  const plan = forecast(spec, { place: 'cluster' });
  const say = (text: string): void => {
    (options.json === true ? process.stderr : process.stdout).write(text);
  };
  say(planSummary(plan, terminalWidth()));
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
