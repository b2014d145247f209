import type { V1Deployment, V1Service } from '@kubernetes/client-node';
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { serveInPodSettings, TRITON } from '../src/job-settings/index.js';
import {
  apiObject,
  boundsOf,
  cpusOf,
  dataVolume,
  emptyVolume,
  EXIT_TIMEOUT_SECONDS,
  keyed,
  type Mounted,
  placement,
  podTemplate,
  QUEUE_LABEL,
  SERVING_LABEL,
  sharedMemory,
  sharedMemoryVolume,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import { nameOf } from './stage-job.js';
import type { Bench, Run } from './bench.js';
import { settingsMap } from './settings-map.js';
import { TRITON_PORTS, tritonContainer } from './triton-container.js';

const STAGE = 'serve';

/** Triton: one Deployment for each run, and the Service that finds the one that is up. */
export class ServingChart extends Chart {
  /** Names of the Deployments by run id. */
  readonly deployments: ReadonlyMap<string, string>;

  constructor(scope: Construct, bench: Bench, programs: Mounted) {
    super(scope, '50-serving', { namespace: bench.namespace });
    apiObject(this, 'service', service(bench.namespace));
    this.deployments = new Map(bench.runs.map((run) => [run.runId, this.deployment(bench, run, programs)]));
  }

  private deployment(bench: Bench, run: Run, programs: Mounted): string {
    const { namespace } = bench;
    const id = bench.runs.length === 1 ? '' : `-${run.spec.variants.join('-')}`;
    const settings = settingsMap(this, `settings${id}`, {
      namespace,
      stage: STAGE,
      settings: serveInPodSettings(run.spec, bench.spec, {
        readySeconds: boundsOf(run.spec).startup,
        exitTimeoutSeconds: EXIT_TIMEOUT_SECONDS,
        threads: Math.max(1, Math.floor(cpusOf(sizeOf(run.spec, 'serve').cpu) ?? 1)),
      }),
    });
    const mounts = [
      programs,
      settings,
      dataVolume(),
      emptyVolume('repository', '/repository'),
      sharedMemoryVolume(sharedMemory()),
    ];
    const [made] = keyed((key) => [deployment(bench, run, `triton-${key}`, mounts)]);
    apiObject(this, `triton${id}`, made);
    return nameOf(made);
  }
}

function service(namespace: string): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: TRITON.name, namespace, labels: { ...stageLabels(STAGE) } },
    spec: {
      selector: { ...stageLabels(STAGE) },
      ports: TRITON_PORTS.map(({ name, port }) => ({ name, port, targetPort: name, protocol: 'TCP' })),
    },
  };
}

/**
 * No `replicas`: the conductor scales it, and a field that is not declared is not set back by whoever applies the
 * manifests again. The pod that the API server's own default of 1 makes at first is gated, so it holds nothing.
 */
function deployment(bench: Bench, run: Run, name: string, mounts: Mounted[]): V1Deployment {
  const { spec } = run;
  const { cluster } = spec;
  const bounds = boundsOf(spec);
  const labels = { ...stageLabels(STAGE), [SERVING_LABEL]: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: bench.namespace,
      labels: { ...labels, ...(cluster.queue === undefined ? {} : { [QUEUE_LABEL]: cluster.queue }) },
    },
    spec: {
      // The GPU of the old pod must be free before the new pod can have it.
      strategy: { type: 'Recreate' },
      revisionHistoryLimit: 1,
      progressDeadlineSeconds: bounds.scheduling + bounds.serve + 60,
      selector: { matchLabels: labels },
      template: podTemplate({
        labels,
        cluster,
        containers: [tritonContainer(bench, run, mounts, cluster.gpus)],
        mounts,
        placement: placement(cluster),
        gated: true,
        terminationGracePeriodSeconds: EXIT_TIMEOUT_SECONDS + 30,
        restartPolicy: 'Always',
      }),
    },
  };
}
