import { join } from 'node:path';
import { mkdtempSync } from 'node:fs';
import { argocdApp } from '../../../charts/argocd/chart.js';
import { synthesize } from '../../../charts/output.js';
import { loadSpec } from '../../../src/spec/index.js';
import type { Kubectl } from '../kubectl.js';
import { annotate, ends } from '../play.js';
import { adminApi } from '../rehearsal/client.js';
import { ConductorProcess, conductorHome } from '../rehearsal/conductor-process.js';
import { Director, type Parts } from '../rehearsal/director.js';
import { type Manifests, synthesized } from '../rehearsal/manifests.js';
import { goodParts } from '../rehearsal/rehearsal.js';
import { tritonDouble } from '../rehearsal/triton-double.js';

/** Small, with engines and a GPU: a cell of each variant. */
const SMALL = ['batches=[32]', 'repeats=1'];

/** A spec and where Argo CD finds it. */
export interface Wanted {
  readonly namespace: string;
  readonly runId: string;
  readonly repository: string;
  readonly path: string;
  /** Kueue's LocalQueue. @default none */
  readonly queue?: string;
}

/** What `npm run synth` writes for it: the folder of the benchmark and the one for Argo CD itself. */
export function manifestsFor(kubectl: Kubectl, wanted: Wanted): { manifests: Manifests; argocd: string } {
  const { namespace, runId, repository, path, queue } = wanted;
  const set = [
    ...SMALL,
    `cluster.runId=${runId}`,
    ...(queue === undefined ? [] : [`cluster.queue=${queue}`]),
    `gitops={repository: '${repository}', path: ${path}, argocdNamespace: argocd}`,
  ];
  const manifests = synthesized(kubectl.access, namespace, { preset: 'a100-page', set });
  const spec = loadSpec({ preset: 'a100-page', set: [`cluster.namespace=${namespace}`, `name=${namespace}`, ...set] });
  const argocd = mkdtempSync(join(kubectl.access.folder, 'argocd-'));
  const { gitops } = spec;
  if (gitops === undefined) throw new Error('the spec has no gitops');
  synthesize((outdir) => argocdApp(spec, gitops, outdir), argocd);
  return { manifests, argocd };
}

export interface Played {
  /** The conductor's exit code. */
  readonly code: number;
  /** The most GPUs that pods held at once. */
  readonly mostGpus: number;
  readonly ran: readonly string[];
}

/**
 * Plays the run that Argo CD has applied: the real conductor as a process, kwok's pods as told, and the conductor's own pod
 * ending as its process does.
 */
export async function playRun(kubectl: Kubectl, { plan, ...manifests }: Manifests, parts: Parts = {}): Promise<Played> {
  const { namespace, conductorJob } = plan;
  const api = adminApi(kubectl.access);
  const director = new Director(kubectl, api, namespace, { ...goodParts(plan), ...parts });
  const triton = await tritonDouble(() => director.tritonIsReady);
  try {
    const home = await conductorHome(kubectl, { plan, ...manifests }, triton.address);
    const { code } = await new ConductorProcess(home).ended;
    const exitCode = code ?? -1;
    const selector = `batch.kubernetes.io/job-name=${conductorJob}`;
    const { items } = await kubectl.get<{ items: { metadata: { name: string } }[] }>(
      ...['pods', '-n', namespace, '-l', selector],
    );
    for (const { metadata } of items) await annotate(kubectl, namespace, metadata.name, ends({ exitCode }));
    return { code: exitCode, mostGpus: director.mostGpus, ran: director.ran };
  } finally {
    await director.stop();
    await triton.close();
    api.close();
  }
}
