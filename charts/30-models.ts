import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { createModelsSettings } from '../src/job-settings/index.js';
import {
  container,
  dataVolume,
  failAtOnce,
  type Mounted,
  placement,
  SHARED_JOB_SECONDS,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import { fleetNodes, type Spec } from '../src/spec/index.js';
import type { Bench } from './bench.js';
import { program, settingsMap } from './settings-map.js';
import { stageJob } from './stage-job.js';

/** A fleet of one node needs no storage for many: its models are made where they are used. */
function onlyNode({ fleet }: Spec): { nodeName?: string } {
  const [first, ...others] = fleet === undefined ? [] : fleetNodes(fleet);
  return first === undefined || others.length > 0 ? {} : { nodeName: first.name };
}

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
    this.job = stageJob(this, 'job', {
      name: (key) => `${stage}-${key}`,
      namespace,
      labels: stageLabels(stage),
      cluster: spec.cluster,
      initContainers: [container({ ...common, name: 'create-models', ...program('create_models.py') })],
      containers: [container({ ...common, name: 'make-requests', ...program('make_requests.py') })],
      mounts,
      placement: placement({ ...spec.cluster, ...onlyNode(spec) }),
      podSeconds: bounds.createModels,
      activeDeadlineSeconds: SHARED_JOB_SECONDS,
      failurePolicy: failAtOnce(),
    });
  }
}
