import type { Spec } from '../spec/index.js';
import {
  clusterPaths,
  enginesSection,
  measuringSettings,
  servePodSettings,
  type ServeInPod,
  withImage,
} from './cluster.js';
import { clusterPreflight } from './preflight.js';

/** Folders of a pod of a fleet: copies on the node's own disk, what its containers share, and the shared volume. */
export const FLEET_FOLDERS = { local: '/local', server: '/server', repository: '/repository', data: '/data' } as const;

/** Where the pods of a fleet find things: as `clusterPaths`, with models and requests on the node's own disk. */
export function fleetPaths(spec: Spec, runId: string) {
  const shared = clusterPaths(spec, runId);
  const { local, server, repository } = FLEET_FOLDERS;
  return { ...shared, artifacts: `${local}/artifacts`, requests: `${local}/requests`, server, repository };
}

/**
 * settings.json of every program in a pod of the fleet; each reads its own sections. The same for all nodes: the pod's own
 * folder of results is named by HPS_BENCH_UNIT.
 * @param lockSeconds how long a pod waits for the engines that another builds
 */
export function fleetSettings(
  spec: Spec,
  runId: string,
  pod: ServeInPod & { lockSeconds: number },
): Record<string, unknown> {
  const { artifacts, requests } = clusterPaths(spec, runId);
  const paths = fleetPaths(spec, runId);
  return {
    // Triton is in the same pod.
    ...measuringSettings(spec, runId, { host: '127.0.0.1', paths }),
    fleet: { artifacts, requests, lock_seconds: pod.lockSeconds },
    ...enginesSection(spec),
    ...servePodSettings(spec, { ...pod, artifacts: paths.artifacts, repository: paths.repository }),
    ...preflight(spec, paths),
  };
}

/** What each stage of the pod needs of its machine; create-models has been there before. */
function preflight(
  spec: Spec,
  { artifacts, engines }: { artifacts: string; engines: string },
): Record<string, unknown> {
  const { preflight: needs } = clusterPreflight(withImage(spec, 'serve'), { artifacts, engines });
  const stages = (needs['stages'] as { stage: string }[]).filter(({ stage }) => stage !== 'create-models');
  return { preflight: { gpu: needs['gpu'], stages } };
}
