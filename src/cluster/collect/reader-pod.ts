import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appLabels, RUN_LABEL, STAGE_LABEL } from '../../kubernetes/labels.js';
import { placement, type Placement } from '../../kubernetes/placement.js';
import { container, podTemplate } from '../../kubernetes/pod.js';
import { CLAIM, type Mounted } from '../../kubernetes/volumes.js';
import { PACKAGE_ROOT } from '../../spec/index.js';
import type { KubernetesObject } from '../client/index.js';
import type { ClusterRun } from './run-plan.js';

export const READER = 'read-results';
/** The pod ends by itself after this time, also when whoever made it is gone. */
export const READER_SECONDS = 600;

export interface ReaderPod {
  readonly name: string;
  readonly namespace: string;
  readonly claim: string;
  /** Folders of the volume, as the pod sees them. */
  readonly folders: readonly string[];
  /** Name of the file after which it begins; empty: the first. */
  readonly after: string;
  /** Node that the volume may still be attached to. */
  readonly near: string | undefined;
}

/** The claim of a Job's volume. */
export function claimOf(
  job: { readonly spec?: { readonly template?: { readonly spec?: unknown } } } | undefined,
): string {
  const spec = job?.spec?.template?.spec as
    { volumes?: { name: string; persistentVolumeClaim?: { claimName?: string } }[] } | undefined;
  return spec?.volumes?.find((volume) => volume.name === 'data')?.persistentVolumeClaim?.claimName ?? CLAIM;
}

/**
 * A pod that mounts the volume read-only and prints the evidence in it (jobs/reader/read_results.py, sent along as text). It
 * has the image of the measuring stage, which is on the node already, no GPU and no token, and passes Pod Security `restricted`.
 */
export function readerPod(run: ClusterRun, pod: ReaderPod): KubernetesObject {
  const { cluster } = run.spec;
  const program = readFileSync(join(PACKAGE_ROOT, 'jobs', 'reader', 'read_results.py'), 'utf8');
  const data: Mounted = {
    volume: { name: 'data', persistentVolumeClaim: { claimName: pod.claim, readOnly: true } },
    mount: { name: 'data', mountPath: '/data', readOnly: true },
  };
  const { spec } = podTemplate({
    labels: {},
    cluster,
    containers: [
      container({
        name: READER,
        image: cluster.stages.measure.image ?? cluster.image,
        command: ['python3', '-c', program, pod.after, ...pod.folders],
        ...{ cpu: '200m', memory: '256Mi', gpus: 0 },
        mounts: [data],
      }),
    ],
    mounts: [data],
    placement: near(placement(cluster), pod.near),
    gated: false,
    terminationGracePeriodSeconds: 5,
    activeDeadlineSeconds: READER_SECONDS,
    restartPolicy: 'Never',
  });
  const labels = { ...appLabels(), [STAGE_LABEL]: READER, [RUN_LABEL]: run.runId };
  const { name, namespace } = pod;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec } as KubernetesObject;
}

/** A volume that one node at a time may mount lets the pod start there at once, where another pod still has it. */
function near(placed: Placement, node: string | undefined): Placement {
  if (node === undefined) return placed;
  const match = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] };
  const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 100, preference: match }];
  const required = placed.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const nodeAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution,
    ...(required === undefined ? {} : { requiredDuringSchedulingIgnoredDuringExecution: required }),
  };
  return { ...placed, affinity: { nodeAffinity } };
}
