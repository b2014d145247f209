/** The scheduling gate on every pod but the conductor's, which takes it away at the pod's turn (decision 21). */
export const GATE = 'hps-bench/conductor';

export const APP_LABEL = 'app.kubernetes.io/name';
export const APP = 'hps-bench';
export const STAGE_LABEL = 'hps-bench/stage';
export const RUN_LABEL = 'hps-bench/run';
/** Name of the Deployment a serving pod belongs to. */
export const SERVING_LABEL = 'hps-bench/serving';
export const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';

export type ClusterStage = 'create-models' | 'build-engines' | 'serve' | 'measure' | 'conductor';

export type Labels = Readonly<Record<string, string>>;

export function appLabels(): Labels {
  return { [APP_LABEL]: APP };
}

/**
 * Labels of an object and of its pods. Only what belongs to one run carries the run's name: the other objects serve
 * every run of the same model, and a pod template is part of what a Job's name stands for.
 */
export function stageLabels(stage: ClusterStage, runId?: string): Labels {
  return { ...appLabels(), [STAGE_LABEL]: stage, ...(runId === undefined ? {} : { [RUN_LABEL]: runId }) };
}
