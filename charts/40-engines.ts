import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { buildEnginesSettings } from '../src/job-settings/index.js';
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
  sharedMemory,
  sharedMemoryVolume,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import { nameOf } from './30-models.js';
import type { Bench } from './bench.js';
import { program, settingsMap } from './settings-map.js';

/** Builds the TensorRT engines on the kind of GPU that serves them; only where a variant needs one. */
export class EnginesChart extends Chart {
  /** Name of the Job. */
  readonly job: string;

  constructor(scope: Construct, bench: Bench, programs: Mounted) {
    super(scope, '40-engines', { namespace: bench.namespace });
    const { spec, namespace, bounds } = bench;
    const stage = 'build-engines';
    const image = bench.image('buildEngines');
    const settings = settingsMap(this, 'settings', { namespace, stage, settings: buildEnginesSettings(spec) });
    const mounts = [programs, settings, dataVolume(), sharedMemoryVolume(sharedMemory())];
    const template = podTemplate({
      labels: stageLabels(stage),
      cluster: spec.cluster,
      containers: [
        container({
          name: stage,
          image,
          ...program('build_engines.py'),
          ...sizeOf(spec, 'buildEngines'),
          gpus: 1,
          mounts,
        }),
      ],
      mounts,
      placement: placement(spec.cluster),
      gated: true,
      terminationGracePeriodSeconds: 60,
      activeDeadlineSeconds: bounds.buildEngines,
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
