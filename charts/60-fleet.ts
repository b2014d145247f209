import type { V1Container } from '@kubernetes/client-node';
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
import { fleetContainers } from './fleet-containers.js';
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
    this.jobs = fleetNodes(fleet).map((node) => this.ofNode(bench, run, { fleet, node, mounts }));
  }

  private ofNode(bench: Bench, run: Run, of: OfNode): string {
    const { name } = of.node;
    const [made] = keyed((key) => [nodeJob(bench, run, of, `${STAGE}-${key}-${run.runId}`)]);
    apiObject(this, `node-${name}`, made);
    return nameOf(made);
  }
}

interface OfNode {
  readonly fleet: Fleet;
  readonly node: FleetNode;
  readonly mounts: readonly Mounted[];
}

function nodeJob(bench: Bench, run: Run, { fleet, node, mounts }: OfNode, name: string) {
  const { spec, runId } = run;
  const { cluster } = spec;
  const bounds = boundsOf(spec);
  const labels: Labels = {
    ...stageLabels(STAGE, runId),
    [UNIT_LABEL]: unitName(node.name),
    [SPEC_LABEL]: specHash(spec),
  };
  const { initContainers, containers } = containersOf(bench, run, { fleet, node, mounts });
  return job({
    name,
    namespace: bench.namespace,
    labels,
    annotations: {
      'hps-bench/node': node.name,
      'hps-bench/results': `${fleetPaths(spec, runId).results}/${node.name}`,
    },
    template: podTemplate({
      labels,
      cluster,
      initContainers,
      containers,
      mounts,
      placement: placement({ ...cluster, nodeName: node.name }),
      gated: true,
      terminationGracePeriodSeconds: EXIT_TIMEOUT_SECONDS + 30,
      activeDeadlineSeconds: bounds.fleetPod,
      restartPolicy: 'Never',
    }),
    activeDeadlineSeconds: bench.bounds.job,
    indexed: { completions: podsOnNode(fleet, node) },
    backoffLimit: 0,
    failurePolicy: failUnlessDisrupted(),
    ...(cluster.queue === undefined ? {} : { queue: cluster.queue }),
  });
}

function containersOf(
  bench: Bench,
  run: Run,
  { fleet, node, mounts }: OfNode,
): { initContainers: V1Container[]; containers: V1Container[] } {
  const others = fleet.mode === 'node' ? node.gpus - 1 : 0;
  return fleetContainers(bench, run, { node: node.name, others, mounts });
}
