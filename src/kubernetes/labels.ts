import { contentKey } from '../spec/index.js';

/** The scheduling gate on every pod but the conductor's, which takes it away at the pod's turn (decision 21). */
export const GATE = 'hps-bench/conductor';

export const APP_LABEL = 'app.kubernetes.io/name';
export const APP = 'hps-bench';
export const STAGE_LABEL = 'hps-bench/stage';
export const RUN_LABEL = 'hps-bench/run';
/** Name of the Deployment a serving pod belongs to. */
export const SERVING_LABEL = 'hps-bench/serving';
/** On a measuring Job: the unit that it is, or whose GPUs its pods are; and the hash of the spec it measures. */
export const UNIT_LABEL = 'hps-bench/unit';
export const SPEC_LABEL = 'hps-bench/spec';
export const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';

/** A node's name as a label's value, which has 63 characters at most. */
export function unitName(node: string): string {
  return node.length <= 63 ? node : `${node.slice(0, 50).replace(/[-.]+$/, '')}-${contentKey(node)}`;
}

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
