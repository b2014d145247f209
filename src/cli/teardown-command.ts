import type { Client } from '../cluster/client/index.js';
import { RefusedError } from '../cluster/refused.js';
import * as teardown from '../cluster/teardown/index.js';
import { runStages, type Stage } from '../local/progress.js';
import { bytesText, forecast } from '../planner/index.js';
import { DEFAULT_NAMESPACE } from './cluster-options.js';
import { connect } from './connect.js';
import type { TeardownOptions } from './teardown.js';
import { confirm } from './confirm.js';

export async function teardownCommand(run: string | undefined, options: TeardownOptions): Promise<void> {
  const client = connect(options, options.namespace ?? DEFAULT_NAMESPACE);
  try {
    await tearDown(client, run, options);
  } finally {
    await client.close();
  }
}

async function tearDown(client: Client, run: string | undefined, options: TeardownOptions): Promise<void> {
  const all = options.all === true;
  if (options.volume === true && !all) throw new RefusedError('--volume removes what all runs share: give --all, too');
  if (all && run !== undefined) throw new RefusedError(`--all and a run (${run}) were given: give one of them`);
  const { runs, plans } = await teardown.remains(client, undefined);
  const chosen = all ? undefined : chosenRun(client, run, runs);
  if (!all && chosen === undefined) {
    console.log(`no run in namespace ${client.namespace} (context ${client.context}): nothing to remove`);
    return;
  }
  const { doomed, claims } = await teardown.remains(client, chosen);
  const volume = options.volume === true && claims.length > 0;
  const what = chosen === undefined ? 'all runs' : `run ${chosen}`;
  const where = `namespace ${client.namespace} of context ${client.context} (${client.server})`;
  if (doomed.length === 0 && !volume) {
    console.log(`nothing of ${what} is in ${where}`);
    keeps(client, { claims, plans }, chosen, runs);
    return;
  }
  console.log(
    `removes ${what}: ${doomed.length} objects${volume ? ` and ${claimsText(claims)} WITH ALL THAT IS ON IT` : ''} in ${where}`,
  );
  await confirm({
    ...{ context: client.context, server: client.server, named: options.context === client.context },
    ...{ question: `Remove ${what}${volume ? ' and the volume' : ''}?`, yes: options.yes === true },
  });
  await removeAll(client, chosen, volume);
  keeps(client, { claims: volume ? [] : claims, plans }, chosen, runs);
}

/** Removes in the order that frees the GPU first, and tells of it. */
export async function removeAll(client: Client, run: string | undefined, volume: boolean): Promise<void> {
  const stage = (title: string, work: (say: (text: string) => void) => Promise<string>): Stage => ({
    title,
    run: async (report) => {
      const done = await work((text) => {
        report.update(text);
      });
      report.result(done);
    },
  });
  const stages = [
    stage('End the conductor', (say) => teardown.endConductors(client, run, say)),
    stage('Release the GPU', (say) => teardown.releaseGpu(client, run, say)),
    stage('Remove the objects', (say) => teardown.removeObjects(client, run, say)),
    ...(volume ? [stage('Remove the volume', (say) => teardown.removeVolume(client, say))] : []),
  ];
  const terminal = process.stdout.isTTY && process.env['CI'] === undefined;
  const line = (text: string): void => {
    console.log(text);
  };
  await runStages(stages, { terminal, line });
}

function chosenRun(client: Client, run: string | undefined, runs: readonly string[]): string | undefined {
  if (run !== undefined || runs.length < 2) return run ?? runs[0];
  throw new RefusedError(
    `${runs.length} runs (${runs.join(', ')}) are in namespace ${client.namespace}: name one, or give --all`,
  );
}

/** Says what is still there, and how it could be removed. */
function keeps(
  client: Client,
  { claims, plans }: Pick<teardown.Remains, 'claims' | 'plans'>,
  run: string | undefined,
  runs: readonly string[],
): void {
  const others = runs.filter((id) => id !== run);
  if (run !== undefined)
    console.log(
      `kept: what all runs share${others.length === 0 ? '' : `, and run ${others.join(', ')}`} (--all removes it)`,
    );
  // What is really on it, only a pod that mounts it could tell.
  const bytes = Math.max(0, ...plans.map(({ spec }) => forecast(spec, { place: 'cluster' }).disk.atRest));
  const holds = bytes === 0 ? '' : `, about ${bytesText(bytes)} used by the plan`;
  for (const claim of claims)
    console.log(
      `kept: ${claimText(claim)}${holds}: models, engines and the evidence of every run (--all --volume removes it)`,
    );
  console.log(`kept: namespace ${client.namespace} (kubectl delete namespace ${client.namespace} removes it)`);
}

const claimText = ({ name, capacity }: teardown.Claim): string =>
  `volume claim ${name}${capacity === undefined ? '' : `, ${capacity}`}`;
const claimsText = (claims: readonly teardown.Claim[]): string => claims.map(claimText).join(', ');
