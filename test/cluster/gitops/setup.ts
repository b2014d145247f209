import type { TestProject } from 'vitest/node';
import { Processes } from '../../../src/local/processes.js';
import { ControlPlane } from '../control-plane.js';
import { startKwok } from '../kwok.js';
import { pythonPath } from '../python.js';
import { startArgoCd } from './argocd.js';
import { startKueue } from './kueue.js';
import type {} from '../worker.js';

/** A control plane with kwok, Argo CD and Kueue. `run.ts` has built the programs and made the network that they live in. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { kubernetes, argocd, kueue } = JSON.parse(process.env['HPS_BENCH_GITOPS'] ?? '{}') as Record<string, string>;
  if (kubernetes === undefined || argocd === undefined || kueue === undefined)
    throw new Error('start it by `npm run test:gitops`');
  const plane = await ControlPlane.start(new Processes(pythonPath()), kubernetes);
  try {
    await startKwok(plane);
    await startArgoCd(plane.access, plane.programs, argocd);
    await startKueue(plane.access, plane.programs, kueue);
  } catch (error) {
    await plane.stop();
    throw error;
  }
  console.log(`gitops: Argo CD and Kueue run beside ${plane.access.server}`);
  project.provide('clusters', [plane.access]);
  return () => plane.stop();
}
