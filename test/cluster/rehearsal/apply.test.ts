import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, type KubernetesObject } from '../kubectl.js';
import { synthesized } from './manifests.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());

/** Everything of a namespace that `dist/` makes or that comes of it, by kind and name. */
async function everything(namespace: string): Promise<Record<string, Stored>> {
  const kinds = 'jobs,deployments,replicasets,pods,services,configmaps,persistentvolumeclaims,roles,rolebindings';
  const list = await kubectl.get<{ items: Stored[] }>(`${kinds},serviceaccounts,networkpolicies`, '-n', namespace);
  return Object.fromEntries(list.items.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}

type Stored = KubernetesObject & { metadata: { resourceVersion?: string } };

async function versions(namespace: string): Promise<Record<string, string | undefined>> {
  const objects = Object.entries(await everything(namespace));
  return Object.fromEntries(objects.map(([name, { metadata }]) => [name, metadata.resourceVersion]));
}

/** Until the controllers have made what they make of it: a pod for each Job and for the Deployment. */
async function settled(namespace: string, objects: readonly KubernetesObject[]): Promise<void> {
  const makers = objects.filter(({ kind }) => kind === 'Job' || kind === 'Deployment').length;
  await expect
    .poll(async () => (await kubectl.get<{ items: unknown[] }>('pods', '-n', namespace)).items.length, {
      timeout: 60_000,
    })
    .toBe(makers);
  let before = {};
  await expect
    .poll(
      async () => {
        const now = await versions(namespace);
        const same = JSON.stringify(now) === JSON.stringify(before);
        before = now;
        return same;
      },
      { timeout: 60_000, interval: 1000 },
    )
    .toBe(true);
}

describe.each([
  ['the default', 'apply-default', {}],
  ['the CPU preset', 'apply-cpu', { preset: 'cluster-cpu' }],
  ['one Triton per variant', 'apply-isolated', { set: ['cluster.isolation=variant'] }],
] as const)('dist/ of %s', (_, namespace, wanted) => {
  const manifests = synthesized(kubectl.access, namespace, wanted);
  const strict = ['-f', manifests.folder, '--validate=strict', '--warnings-as-errors'];

  beforeAll(async () => {
    // No node: nothing but the controllers changes anything.
    expect((await kubectl.get<{ items: unknown[] }>('nodes')).items).toEqual([]);
  });
  afterAll(async () => {
    await kubectl.abandon(namespace);
  });

  it('is applied client-side with strict validation and without a warning', async () => {
    const { code, stdout, stderr } = await kubectl.run(['apply', ...strict]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toHaveLength(manifests.objects.length);
    await settled(namespace, manifests.objects);
  });

  it('leaves every pod but the conductor gated, so that none holds a GPU', async () => {
    const { items } = await kubectl.get<{ items: GatedPod[] }>('pods', '-n', namespace);
    for (const { metadata, spec } of items)
      expect({ [metadata.name]: spec.schedulingGates?.map(({ name }) => name) }).toEqual({
        [metadata.name]: metadata.labels['hps-bench/stage'] === 'conductor' ? undefined : ['hps-bench/conductor'],
      });
  });

  it('changes nothing when it is applied again', async () => {
    const before = await versions(namespace);
    expect(await kubectl.changedBy(...strict)).toEqual([]);
    expect(await versions(namespace)).toEqual(before);
  });

  it('changes nothing when it is applied server-side, but for who owns the fields', async () => {
    await kubectl.ok(['apply', '--server-side', '--force-conflicts', ...strict]);
    const before = await versions(namespace);
    await kubectl.ok(['apply', '--server-side', ...strict]);
    expect(await versions(namespace)).toEqual(before);
    const { code, stdout } = await kubectl.run(['diff', '-f', manifests.folder]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});

function withoutVersion({ metadata, ...object }: Stored): object {
  return { ...object, metadata: { ...metadata, resourceVersion: undefined } };
}

interface GatedPod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { schedulingGates?: { name: string }[] };
}

describe('dist/ applied server-side from the start', () => {
  const namespace = 'apply-server-side';
  afterAll(async () => {
    await kubectl.abandon(namespace);
  });

  it('is taken without a warning, and again changes nothing', async () => {
    const { folder, objects } = synthesized(kubectl.access, namespace);
    const apply = ['apply', '--server-side', '-f', folder, '--validate=strict', '--warnings-as-errors'];
    const { code, stderr } = await kubectl.run(apply);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await settled(namespace, objects);
    // Not by version: the API server's second apply of a claim stores the same object once more.
    const before = Object.values(await everything(namespace)).map(withoutVersion);
    await kubectl.ok(apply);
    expect(Object.values(await everything(namespace)).map(withoutVersion)).toEqual(before);
  });

  it('makes new Jobs of a changed spec beside the old ones', async () => {
    const changed = synthesized(kubectl.access, namespace, { set: ['model.scale=0.5', 'cluster.runId=run-2'] });
    const before = Object.keys(await versions(namespace)).filter((name) => name.startsWith('Job/'));
    await kubectl.ok(['apply', '--server-side', '-f', changed.folder]);
    const after = Object.keys(await versions(namespace)).filter((name) => name.startsWith('Job/'));
    const made = changed.objects.filter(({ kind }) => kind === 'Job').map(({ metadata }) => `Job/${metadata.name}`);
    expect(after.sort()).toEqual([...before, ...made].sort());
  });
});
