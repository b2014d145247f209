import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { clusterMeasureSettings } from '../src/job-settings/index.js';
import {
  apiObject,
  boundsOf,
  container,
  dataVolume,
  failOn,
  job,
  keyed,
  type Mounted,
  placement,
  podTemplate,
  REPLACEMENTS,
  SERVING_LABEL,
  sizeOf,
  stageLabels,
} from '../src/kubernetes/index.js';
import { nameOf } from './30-models.js';
import type { Bench, Run } from './bench.js';
import { program, settingsMap } from './settings-map.js';

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
    const labels = stageLabels(STAGE, runId);
    const template = podTemplate({
      labels,
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
      gated: true,
      terminationGracePeriodSeconds: 60,
      activeDeadlineSeconds: boundsOf(spec).measure,
      restartPolicy: 'Never',
    });
    const [made] = keyed((key) => [
      job({
        name: `${STAGE}-${key}-${runId}`,
        namespace,
        labels,
        template,
        activeDeadlineSeconds: bench.bounds.job,
        backoffLimit: REPLACEMENTS,
        failurePolicy: failOn(HOPELESS_CODES),
        ...(spec.cluster.queue === undefined ? {} : { queue: spec.cluster.queue }),
      }),
    ]);
    apiObject(this, `job${id}`, made);
    return nameOf(made);
  }
}
