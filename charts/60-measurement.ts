import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { clusterMeasureSettings } from '../src/job-settings/index.js';
import {
  boundsOf,
  container,
  dataVolume,
  failOn,
  type Mounted,
  placement,
  SERVING_LABEL,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import type { Bench, Run } from './bench.js';
import { program, settingsMap } from './settings-map.js';
import { stageJob } from './stage-job.js';

const STAGE = 'measure';
/**
 * A fault of the program, bad settings. Code 4 is not among them: Triton may have gone away in mid-run, and measuring goes on
 * once it is back. Whether it did is for the conductor to say, which ends the run if not.
 */
const HOPELESS_CODES = [1, 2];

/** perf_analyzer beside Triton on its node, without a GPU: one Job for each run. */
export class MeasurementChart extends Chart {
  /** Names of the Jobs by run id. */
  readonly jobs: ReadonlyMap<string, string>;

  constructor(scope: Construct, bench: Bench, programs: Mounted, deployments: ReadonlyMap<string, string>) {
    super(scope, '60-measurement', { namespace: bench.namespace });
    this.jobs = new Map(
      bench.runs.map((run) => [run.runId, this.job(bench, run, programs, deployments.get(run.runId) ?? '')]),
    );
  }

  private job(bench: Bench, run: Run, programs: Mounted, deployment: string): string {
    const { namespace } = bench;
    const { spec, runId } = run;
    const id = bench.runs.length === 1 ? '' : `-${spec.variants.join('-')}`;
    const settings = settingsMap(this, `settings${id}`, {
      namespace,
      stage: STAGE,
      runId,
      settings: clusterMeasureSettings(spec, runId),
    });
    const mounts = [programs, settings, dataVolume()];
    return stageJob(this, `job${id}`, {
      name: (key) => `${STAGE}-${key}-${runId}`,
      namespace,
      labels: stageLabels(STAGE, runId),
      cluster: spec.cluster,
      containers: [
        container({
          name: STAGE,
          image: bench.image('measure'),
          ...program('measure.py'),
          ...sizeOf(spec, 'measure'),
          gpus: 0,
          mounts,
        }),
      ],
      mounts,
      placement: placement(spec.cluster, { [SERVING_LABEL]: deployment }),
      podSeconds: boundsOf(spec).measure,
      activeDeadlineSeconds: bench.bounds.job,
      failurePolicy: failOn(HOPELESS_CODES),
    });
  }
}
