import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { buildEnginesSettings } from '../src/job-settings/index.js';
import {
  container,
  dataVolume,
  failAtOnce,
  type Mounted,
  placement,
  SHARED_JOB_SECONDS,
  sharedMemory,
  sharedMemoryVolume,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import type { Bench } from './bench.js';
import { program, settingsMap } from './settings-map.js';
import { stageJob } from './stage-job.js';

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
    this.job = stageJob(this, 'job', {
      name: (key) => `${stage}-${key}`,
      namespace,
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
      podSeconds: bounds.buildEngines,
      activeDeadlineSeconds: SHARED_JOB_SECONDS,
      failurePolicy: failAtOnce(),
    });
  }
}
