import { contentKey, plannedRun, type Spec, specHash } from '../spec/index.js';
import { POD_ENDPOINTS } from '../triton/index.js';
import { engineSettings } from './engines.js';
import { clusterPreflight } from './preflight.js';
import { serveSettings, type ServeTarget } from './serve.js';
import { artifactSettings, cacheKeys, measureSettings, requestSettings } from './settings.js';

/** Name of Triton's Service, and its ports. */
export const TRITON = { name: 'triton', ...POD_ENDPOINTS } as const;

/** A measurement that failed, or that measure.py itself can tell is invalid, is made again until it has this many attempts. */
export const MOST_ATTEMPTS = 3;

/** Folder of the volume in every pod. */
const DATA = '/data';

/** Folders of the volume by what they hold. Artifacts, requests and engines serve every run that has the same keys. */
export function clusterPaths(spec: Spec, runId: string) {
  const keys = cacheKeys(spec);
  return {
    artifacts: `${DATA}/artifacts/${keys.artifacts}`,
    requests: `${DATA}/requests/${keys.requests}`,
    engines: `${DATA}/engines/${keys.artifacts}`,
    // A run is one spec and one run id: evidence of another spec must not count as measured.
    results: `${DATA}/results/${runId}/${specHash(spec)}`,
    // What serve.py notes beside Triton and measure.py reads: one folder for each server that is told apart.
    server: `${DATA}/server/${contentKey({ artifacts: keys.artifacts, variants: spec.variants })}`,
    repository: '/repository',
  };
}

type Section = Record<string, unknown>;

/** settings.json of a stage that serves every run: nothing in it names one, so that the next run has the same. */
function sharedSettings(
  spec: Spec,
  paths: readonly (keyof ReturnType<typeof clusterPaths>)[],
  sections: Section,
): Section {
  const all = clusterPaths(spec, 'any');
  const body = {
    ...artifactSettings(spec),
    ...sections,
    paths: Object.fromEntries(paths.map((name) => [name, all[name]])),
  };
  return { schema: 'hps-bench/job-settings/1', run_id: 'any', spec_hash: contentKey(body), ...body };
}

/** settings.json of create_models.py and make_requests.py. */
export function createModelsSettings(spec: Spec): Section {
  return sharedSettings(spec, ['artifacts', 'requests'], {
    ...requestSettings(spec),
    ...preflightOf(spec, 'create-models'),
  });
}

/** settings.json of measure.py in the run `runId`. */
export function clusterMeasureSettings(spec: Spec, runId: string): Section {
  const { requests, results, server } = clusterPaths(spec, runId);
  return measuringSettings(spec, runId, { host: TRITON.name, paths: { requests, results, server } });
}

/** Of one run: what measure.py measures where, and where it finds and leaves things. @param host Triton's */
export function measuringSettings(
  spec: Spec,
  runId: string,
  { host, paths }: { readonly host: string; readonly paths: Readonly<Record<string, string>> },
): Section {
  const target = {
    http: `${host}:${TRITON.http}`,
    grpc: `${host}:${TRITON.grpc}`,
    perfAnalyzer: 'perf_analyzer',
    libraries: '',
  };
  const planned = plannedRun(spec).map((item) => ({ ...item, attempt: 1 }));
  return {
    schema: 'hps-bench/job-settings/1',
    run_id: runId,
    spec_hash: specHash(spec),
    ...artifactSettings(spec),
    ...requestSettings(spec),
    paths,
    // Here nobody starts measure.py again for what failed: it does so itself.
    measure: { ...measureSettings(spec, target, planned), attempts: MOST_ATTEMPTS },
  };
}

/** settings.json of build_engines.py. */
export function buildEnginesSettings(spec: Spec): Section {
  return sharedSettings(spec, ['artifacts', 'engines'], {
    ...enginesSection(spec),
    ...preflightOf(withImage(spec, 'buildEngines'), 'build-engines'),
  });
}

export interface ServeInPod {
  readonly readySeconds: number;
  readonly exitTimeoutSeconds: number;
  /** CPU threads of one operation of a variant on the python backend. */
  readonly threads: number;
}

/**
 * settings.json of serve.py.
 * @param whole the spec with the variants of every run: what the engines were built with
 */
export function serveInPodSettings(spec: Spec, whole: Spec, pod: ServeInPod): Section {
  const { artifacts, repository } = clusterPaths(spec, 'any');
  const names = ['artifacts', 'engines', 'repository', 'server'] as const;
  return sharedSettings(spec, names, {
    ...enginesSection(whole),
    ...servePodSettings(spec, { ...pod, artifacts, repository }),
    ...preflightOf(withImage(spec, 'serve'), 'serve'),
  });
}

/** The section of serve.py, in a pod with these folders. */
export function servePodSettings(
  spec: Spec,
  pod: ServeInPod & { readonly artifacts: string; readonly repository: string },
): Section {
  const target: ServeTarget = {
    ...pod,
    place: spec.cluster.gpus > 0 ? 'gpu' : 'cpu',
    tritonserver: '/opt/tritonserver/bin/tritonserver',
    endpoints: POD_ENDPOINTS,
  };
  return serveSettings(spec, target);
}

/** The engines' key holds the image that built them. */
export function enginesSection(spec: Spec): Section {
  return engineSettings(withImage(spec, 'buildEngines'));
}

/** The spec as if every stage had the image of this one. */
export function withImage(spec: Spec, stage: 'buildEngines' | 'serve'): Spec {
  const { cluster } = spec;
  return { ...spec, cluster: { ...cluster, image: cluster.stages[stage].image ?? cluster.image } };
}

/** What one stage needs of its machine. Nothing of the others: their settings are not to change with it. */
function preflightOf(spec: Spec, stage: 'create-models' | 'build-engines' | 'serve'): Section {
  const { artifacts, engines } = clusterPaths(spec, 'any');
  const { gpu, stages } = clusterPreflight(spec, { artifacts, engines }).preflight as {
    gpu: unknown;
    stages: { stage: string }[];
  };
  return {
    preflight: {
      gpu: stage === 'create-models' ? null : gpu,
      stages: stages.filter((needs) => needs.stage === stage),
    },
  };
}
