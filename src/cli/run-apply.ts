import { applyAll, conflictError, preview, type Preview, type Wanted } from '../cluster/apply/index.js';
import { CONFIG_MAPS, type KubernetesObject } from '../cluster/client/index.js';
import { RefusedError } from '../cluster/refused.js';
import { isFleet, resultsName } from '../../jobs/conductor/plan.js';
import type { RunStatus } from '../../jobs/conductor/status.js';
import { openFolder } from '../cluster/collect/index.js';
import { confirm } from './confirm.js';
import type { RunContext } from './run-context.js';

/**
 * Applies what is not as the spec has it, once a person agreed to it. What is there already is only attached to.
 * @returns whether all is there: false if a signal came in between
 * @throws RefusedError, ClusterError
 */
export async function applyRun(context: RunContext & { readonly objects: readonly Wanted[] }): Promise<boolean> {
  const { client, objects, options, say, interrupts } = context;
  const version = await client.version();
  say(`\ncontext ${client.context} (${client.server}, Kubernetes ${version}), namespace ${client.namespace}\n`);
  refuseWithoutSidecars(version, context);
  await refuseOtherSpec(context);
  const found = await preview(client, objects);
  const takeOver = options.takeOver === true;
  if (found.conflicts.length > 0 && !takeOver) throw conflictError(found.conflicts);
  const writes = found.created.length + found.changed.length + (takeOver ? found.conflicts.length : 0);
  if (writes === 0) {
    say(`all ${objects.length} objects are there as they should be: attaches to the run\n`);
    openFolders(context);
    return true;
  }
  say(previewText(found));
  await confirm({
    ...{ context: client.context, server: client.server, named: options.context === client.context },
    ...{ question: `Apply ${writes} objects to context ${client.context}?`, yes: options.yes === true },
  });
  openFolders(context);
  const applied = await applyAll(client, objects, {
    takeOver,
    onApplied: (name, done, total) => {
      if (process.stdout.isTTY && options.json !== true) say(`\r${done} of ${total}: ${name}\u001b[K`);
    },
    stop: () => interrupts.signal.aborted,
  });
  if (process.stdout.isTTY && options.json !== true) say('\r\u001b[K');
  say(`applied ${applied === objects.length ? applied : `${applied} of ${objects.length}`} objects\n`);
  return applied === objects.length;
}

/** Results of another run of the same name would be in the way: better to know before anything is applied. */
function openFolders({ client, plans, options }: RunContext): void {
  const createdAt = new Date().toISOString();
  for (const { runId, spec } of plans) openFolder(client, { runId, spec, createdAt }, options.results);
}

function previewText({ created, changed, unchanged, conflicts }: Preview): string {
  const parts = [
    [created, 'to be made'],
    [changed, 'to be changed'],
    [unchanged, 'there as they should be'],
  ] as const;
  const counts = parts.flatMap(([names, what]) => (names.length === 0 ? [] : [`${names.length} ${what}`]));
  const lines = changed.map((name) => `  changes ${name}`);
  const taken = conflicts.map(
    ({ object, owner, fields }) => `  takes over from ${owner}: ${object} ${fields.join(', ')}`,
  );
  return [`objects: ${counts.join(', ')}`, ...lines, ...taken].map((line) => `${line}\n`).join('');
}

/** From when sidecars are on without being asked for. */
const SIDECARS = { major: 1, minor: 29 };

/** @param version such as `v1.28.4-gke.1083000` */
export function refuseWithoutSidecars(version: string, { plans }: Pick<RunContext, 'plans'>): void {
  if (!plans.some(isFleet)) return;
  const [, major = 0, minor = 0] = (/^v?(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major > SIDECARS.major || (major === SIDECARS.major && minor >= SIDECARS.minor)) return;
  throw new RefusedError(
    `nothing was applied: Kubernetes ${version} has no sidecars (from ${SIDECARS.major}.${SIDECARS.minor}), and Triton is one in the pods of a fleet\n` +
      `  run it without fleet, on one GPU at a time (cluster.nodeName): there Triton is a Deployment`,
  );
}

/** A conductor refuses results of another spec under its own run's name; better to say so before anything is applied. */
async function refuseOtherSpec({ client, plans }: RunContext): Promise<void> {
  type ConfigMap = KubernetesObject & { readonly data?: Readonly<Record<string, string>> };
  for (const { runId, specHash } of plans) {
    const map = await client.get<ConfigMap>(CONFIG_MAPS, resultsName(runId));
    const status = JSON.parse(map?.data?.['status.json'] ?? 'null') as RunStatus | null;
    if (status === null || status.specHash === specHash) continue;
    throw new RefusedError(
      `nothing was applied: run ${runId} in namespace ${client.namespace} is of another spec (${status.specHash}; this one is ${specHash})\n` +
        `  give this one a name of its own (--run-id), or remove that run first: hps-bench teardown ${runId} --namespace ${client.namespace}`,
    );
  }
}
