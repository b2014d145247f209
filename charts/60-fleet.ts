import type { V1EnvVar, V1Job } from '@kubernetes/client-node';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { FLEET_FOLDERS, fleetPaths, fleetSettings } from '../src/job-settings/index.js';
import {
  apiObject,
  boundsOf,
  copySize,
  cpusOf,
  dataVolume,
  emptyVolume,
  EXIT_TIMEOUT_SECONDS,
  failUnlessDisrupted,
  job,
  keyed,
  type Labels,
  type Mounted,
  placement,
  podTemplate,
  sharedMemory,
  sharedMemoryVolume,
  sizeOf,
  SPEC_LABEL,
  stageLabels,
  UNIT_LABEL,
  unitName,
} from '../src/kubernetes/index.js';
import { type Fleet, fleetNodes, type FleetNode, podsOnNode, specHash } from '../src/spec/index.js';
import type { Bench, Run } from './bench.js';
import { type FleetContainers, fleetContainers } from './fleet-containers.js';
import { settingsMap } from './settings-map.js';
import { nameOf } from './stage-job.js';

const STAGE = 'measure';

/** One indexed Job for each node, whose pods copy, build, serve and measure by themselves, each on a GPU of its own. */
export class FleetChart extends Chart {
  /** Names of the Jobs. */
  readonly jobs: readonly string[];

  constructor(scope: Construct, bench: Bench, run: Run, fleet: Fleet, programs: Mounted) {
    super(scope, '60-fleet', { namespace: bench.namespace });
    const { spec, runId } = run;
    const settings = settingsMap(this, 'settings', {
      namespace: bench.namespace,
      stage: STAGE,
      runId,
      settings: fleetSettings(spec, runId, {
        readySeconds: boundsOf(spec).startup,
        exitTimeoutSeconds: EXIT_TIMEOUT_SECONDS,
        threads: Math.max(1, Math.floor(cpusOf(sizeOf(spec, 'serve').cpu) ?? 1)),
        lockSeconds: boundsOf(spec).buildEngines,
      }),
    });
    const mounts = [
      programs,
      settings,
      dataVolume(),
      emptyVolume('local', FLEET_FOLDERS.local, copySize(spec)),
      emptyVolume('server', FLEET_FOLDERS.server, '1Gi'),
      emptyVolume('repository', FLEET_FOLDERS.repository, '1Gi'),
      sharedMemoryVolume(sharedMemory()),
    ];
    const shared = sharedOf(bench, run, fleet, mounts);
    this.jobs = fleetNodes(fleet).map((node) => this.ofNode(shared, node));
  }

  private ofNode(shared: Shared, node: FleetNode): string {
    const [made] = keyed((key) => [nodeJob(shared, node, `${STAGE}-${key}-${shared.runId}`)]);
    apiObject(this, `node-${node.name}`, made);
    return nameOf(made);
  }
}

/** What is the same on every node: computed once, for there may be a thousand of them. */
function sharedOf(bench: Bench, { spec, runId }: Run, fleet: Fleet, mounts: readonly Mounted[]) {
  const holders = new Map<number, FleetContainers>();
  return {
    ...{ spec, runId, fleet, mounts, namespace: bench.namespace, bounds: bench.bounds },
    specHash: specHash(spec),
    results: fleetPaths(spec, runId).results,
    /** Containers of a pod that holds so many GPUs beside the one that it measures on. */
    containers: (others: number): FleetContainers => {
      const known = holders.get(others) ?? fleetContainers(bench, { spec, runId }, { others, mounts });
      holders.set(others, known);
      return known;
    },
  };
}
type Shared = ReturnType<typeof sharedOf>;

function nodeJob(shared: Shared, node: FleetNode, name: string): V1Job {
  const { spec, runId, fleet, namespace, bounds, mounts } = shared;
  const { cluster } = spec;
  const labels: Labels = {
    ...stageLabels(STAGE, runId),
    [UNIT_LABEL]: unitName(node.name),
    [SPEC_LABEL]: shared.specHash,
  };
  const { initContainers, measure } = shared.containers(fleet.mode === 'node' ? node.gpus - 1 : 0);
  return job({
    name,
    namespace,
    labels,
    annotations: { 'hps-bench/node': node.name, 'hps-bench/results': `${shared.results}/${node.name}` },
    template: podTemplate({
      labels,
      cluster,
      initContainers,
      containers: [Object.assign({}, measure, { env: [...(measure.env ?? []), ...unitOf(node.name)] })],
      mounts,
      placement: placement({ ...cluster, nodeName: node.name }),
      gated: true,
      terminationGracePeriodSeconds: EXIT_TIMEOUT_SECONDS + 30,
      activeDeadlineSeconds: bounds.fleetPod,
      restartPolicy: 'Never',
    }),
    activeDeadlineSeconds: bounds.job,
    indexed: { completions: podsOnNode(fleet, node) },
    backoffLimit: 0,
    failurePolicy: failUnlessDisrupted(),
    ...(cluster.queue === undefined ? {} : { queue: cluster.queue }),
  });
}

/** The pod's folder below the run's results; its number is known to the pod only. */
function unitOf(node: string): V1EnvVar[] {
  const fieldPath = "metadata.annotations['batch.kubernetes.io/job-completion-index']";
  return [
    { name: 'HPS_BENCH_INDEX', valueFrom: { fieldRef: { fieldPath } } },
    { name: 'HPS_BENCH_UNIT', value: `${node}/$(HPS_BENCH_INDEX)` },
  ];
}
