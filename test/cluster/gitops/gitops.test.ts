import { beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import { ends } from '../play.js';
import type { Manifests } from '../rehearsal/manifests.js';
import { volumeFor } from '../rehearsal/rehearsal.js';
import { Application } from './application.js';
import { ARGOCD } from './argocd.js';
import { Repository } from './repository.js';
import { manifestsFor, playRun } from './run-of.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'gitops';
const NODE = 'a100-gitops';
const PATH = 'deploy/bench';
const AT_REST = { timeout: 120_000, interval: 1000 };

const app = new Application(kubectl, NAMESPACE);
let repository: Repository;
let first: Manifests;

/** Commits what another run of the spec makes, and waits until Argo CD has applied it. */
async function commitRun(runId: string): Promise<Manifests> {
  const { manifests } = manifestsFor(kubectl, {
    namespace: NAMESPACE,
    runId,
    repository: repository.address,
    path: PATH,
  });
  const commit = repository.commit(PATH, manifests.folder, `asks for ${runId}`);
  await app.refresh();
  await expect.poll(() => app.revision(), AT_REST).toBe(commit);
  return manifests;
}

/** Every Job and every pod with its uid, those of Jobs that are gone as well: nothing may run again under an old name. */
async function workload(): Promise<string[]> {
  const list = await kubectl.ok([
    ...['get', 'jobs,pods,deployments', '-n', NAMESPACE],
    ...['-o', 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.uid}{"\\n"}{end}'],
  ]);
  return list.trim().split('\n').sort();
}

const results = async (): Promise<string[]> =>
  (await kubectl.ok(['get', 'configmaps', '-n', NAMESPACE, '-o', 'name']))
    .split('\n')
    .filter((name) => name.includes('/results-'));

describe('the benchmark from Git, by the real Argo CD', () => {
  beforeAll(async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }), volumeFor(NAMESPACE));
    repository = new Repository(kubectl.access.folder);
    const wanted = { namespace: NAMESPACE, runId: 'run-1', repository: repository.address, path: PATH };
    const { manifests, argocd } = manifestsFor(kubectl, wanted);
    first = manifests;
    repository.commit(PATH, manifests.folder, 'asks for run-1');
    await kubectl.ok(['apply', '--server-side', '--force-conflicts', '-f', argocd]);
  });
  it('is run once by the first sync, and is Progressing until it is done', async () => {
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Progressing');
    expect(await playRun(kubectl, first)).toMatchObject({ code: 0, mostGpus: 1 });
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Healthy');
    expect(await results()).toEqual(['configmap/results-run-1']);
  });

  it('is left alone by ten syncs more and by what self-heal puts back', async () => {
    const before = await workload();
    for (let n = 0; n < 10; n++) await app.sync();
    expect(await workload()).toEqual(before);
    await kubectl.ok(['delete', 'service', 'triton', '-n', NAMESPACE]);
    await kubectl.ok([
      'label',
      'configmap',
      '-n',
      NAMESPACE,
      '-l',
      'hps-bench/stage=measure',
      'hps-bench/stage=other',
      '--overwrite',
    ]);
    await app.refresh();
    await expect
      .poll(async () => (await kubectl.run(['get', 'service', 'triton', '-n', NAMESPACE])).code, AT_REST)
      .toBe(0);
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Healthy');
    expect(await workload()).toEqual(before);
    expect(await app.complaints()).toEqual([]);
  });

  it('is not out of sync at rest, however Argo CD looks', async () => {
    for (let n = 0; n < 3; n++) {
      await app.refresh();
      expect([await app.line(), ...(await app.complaints())]).toEqual(['Synced Healthy']);
    }
  });

  it('runs once more for a commit with another run id, on the same artifacts, and keeps the old results', async () => {
    const before = await workload();
    const manifests = await commitRun('run-2');
    expect(await playRun(kubectl, manifests)).toMatchObject({ code: 0 });
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Healthy');
    expect(await results()).toEqual(['configmap/results-run-1', 'configmap/results-run-2']);
    const after = await workload();
    // The Jobs that made models and engines are the same objects; those of run-1 went with their manifests.
    for (const shared of before.filter((line) => /^Job\/(create-models|build-engines)-/.test(line)))
      expect(after).toContain(shared);
    expect(after.filter((line) => line.includes('-run-1 '))).toEqual([]);
  });

  it('is Degraded when a stage fails, with the reason where Argo CD shows it', async () => {
    const manifests = await commitRun('run-3');
    const failing = { measure: () => ({ annotations: ends({ exitCode: 2, message: 'no such request file' }) }) };
    expect(await playRun(kubectl, manifests, failing)).toMatchObject({ code: 4 });
    await expect.poll(() => app.line(), AT_REST).toBe('Synced Degraded');
    const reason = async () => (await app.complaints()).find((line) => line.startsWith('Job/conductor-')) ?? '';
    await expect.poll(reason, AT_REST).toMatch(/-run-3 is Degraded: failed: .*no such request file/);
  });

  it('leaves volume, namespace and results behind when the Application is deleted', async () => {
    await kubectl.ok(['delete', 'application', app.name, '-n', ARGOCD, '--timeout=120s']);
    expect((await kubectl.ok(['get', 'pvc', '-n', NAMESPACE, '-o', 'name'])).trim()).toBe(
      'persistentvolumeclaim/hps-bench',
    );
    expect(await results()).toHaveLength(3);
    expect((await kubectl.ok(['get', 'jobs,deployments', '-n', NAMESPACE, '-o', 'name'])).trim()).toBe('');
  });

  it('is one Application for each folder and cluster of an ApplicationSet', async () => {
    const models = ['model-a', 'model-b'];
    let set = '';
    for (const namespace of models) {
      const wanted = { namespace, runId: 'run-1', repository: repository.address, path: 'models/*' };
      const { manifests, argocd } = manifestsFor(kubectl, wanted);
      await kubectl.apply(volumeFor(namespace));
      repository.commit(`models/${namespace}`, manifests.folder, `adds ${namespace}`);
      set = argocd;
    }
    await kubectl.ok(['apply', '--server-side', '--force-conflicts', '-f', set]);
    // The repo server remembers what `main` was for some minutes. The controller takes this mark away, also while it reconciles
    // for another reason, so that once is not enough.
    const refresh = 'argocd.argoproj.io/application-set-refresh=true';
    for (const namespace of models) {
      const made = new Application(kubectl, `${namespace}-in-cluster`);
      const line = async (): Promise<string> => {
        const now = await made.line();
        if (now === '') await kubectl.ok(['annotate', 'applicationset', '--all', '-n', ARGOCD, refresh, '--overwrite']);
        return now;
      };
      await expect.poll(line, AT_REST).toBe('Synced Progressing');
    }
    await kubectl.ok(['delete', 'applicationset', '--all', '-n', ARGOCD, '--timeout=60s']);
    // What runs is not taken away with the set.
    for (const namespace of models) {
      const jobs = await kubectl.ok(['get', 'jobs', '-n', namespace, '-o', 'name']);
      expect(jobs.trim().split('\n')).toHaveLength(4);
    }
  });
});
