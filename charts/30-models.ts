import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { createModelsSettings } from '../src/job-settings/index.js';
import {
  apiObject,
  container,
  dataVolume,
  failAtOnce,
  job,
  keyed,
  type Mounted,
  placement,
  podTemplate,
  REPLACEMENTS,
  SHARED_JOB_SECONDS,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import type { Bench } from './bench.js';
import { program, settingsMap } from './settings-map.js';

/** Makes the model and then the requests, without a GPU. What lies on the volume already is used again. */
export class ModelsChart extends Chart {
  /** Name of the Job. */
  readonly job: string;

  constructor(scope: Construct, bench: Bench, programs: Mounted) {
    super(scope, '30-models', { namespace: bench.namespace });
    const { spec, namespace, bounds } = bench;
    const stage = 'create-models';
    const settings = settingsMap(this, 'settings', { namespace, stage, settings: createModelsSettings(spec) });
    const mounts = [programs, settings, dataVolume()];
    const common = { image: bench.image('createModels'), ...sizeOf(spec, 'createModels'), gpus: 0, mounts };
    const template = podTemplate({
      labels: stageLabels(stage),
      cluster: spec.cluster,
      initContainers: [container({ ...common, name: 'create-models', ...program('create_models.py') })],
      containers: [container({ ...common, name: 'make-requests', ...program('make_requests.py') })],
      mounts,
      placement: placement(spec.cluster),
      gated: true,
      terminationGracePeriodSeconds: 60,
      activeDeadlineSeconds: bounds.createModels,
      restartPolicy: 'Never',
    });
    const [made] = keyed((key) => [
      job({
        name: `${stage}-${key}`,
        namespace,
        labels: stageLabels(stage),
        template,
        activeDeadlineSeconds: SHARED_JOB_SECONDS,
        backoffLimit: REPLACEMENTS,
        failurePolicy: failAtOnce(),
        ...(spec.cluster.queue === undefined ? {} : { queue: spec.cluster.queue }),
      }),
    ]);
    apiObject(this, 'job', made);
    this.job = nameOf(made);
  }
}

export function nameOf(object: { metadata?: { name?: string } }): string {
  return object.metadata?.name ?? '';
}
