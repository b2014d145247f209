import { ApiError, type HttpApi } from '../../../jobs/conductor/api.js';
import type { Pod } from '../../../jobs/conductor/objects.js';
import type { Kubectl } from '../kubectl.js';
import { podLog } from '../play.js';

/** What becomes of a pod: annotations of play.ts, and what its log says. */
export interface Part {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly log?: string;
}

/** The part of the n-th pod (from 1) of each stage. A pod without one runs for ever. */
export type Parts = Readonly<Partial<Record<string, (n: number, pod: PlayedPod) => Part>>>;

export type PlayedPod = Pod & {
  spec?: { containers?: Holder[]; initContainers?: Holder[] };
  metadata: { labels?: Record<string, string> };
};

interface Holder {
  readonly restartPolicy?: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

const LOOK_MS = 200;

/** Looks at the pods of a namespace, gives each its part when it first appears, and counts the GPUs they hold. */
export class Director {
  /** As of the last look. */
  pods: readonly PlayedPod[] = [];
  /** The most GPUs that pods on nodes held at once. */
  mostGpus = 0;
  /** `stage n` of each pod that ran, in the order in which they were seen to. */
  readonly ran: string[] = [];
  private readonly known = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private stopped = false;
  private readonly looking: Promise<void>;

  constructor(
    private readonly kubectl: Kubectl,
    private readonly api: HttpApi,
    private readonly namespace: string,
    private readonly parts: Parts,
  ) {
    this.looking = this.look();
  }

  /** Ends the looking. @throws Error if it broke off */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  get heldGpus(): number {
    return this.pods.filter(isOnNode).reduce((sum, pod) => sum + gpusOf(pod), 0);
  }

  phaseOf(name: string): string | undefined {
    return this.pods.find(({ metadata }) => metadata.name === name)?.status?.phase;
  }

  /** Whether Triton's pod is ready, as far as the cluster knows. */
  get tritonIsReady(): boolean {
    return this.pods.some((pod) => isOnNode(pod) && stageOf(pod) === 'serve' && isReady(pod));
  }

  private async look(): Promise<void> {
    while (!this.stopped) {
      const { items } = await this.api.get<{ items: PlayedPod[] }>(`/api/v1/namespaces/${this.namespace}/pods`);
      for (const pod of items) await this.meet(pod);
      this.pods = items;
      this.mostGpus = Math.max(this.mostGpus, this.heldGpus);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  private async meet(pod: PlayedPod): Promise<void> {
    const { uid = '', name } = pod.metadata;
    const stage = stageOf(pod);
    if (!this.known.has(uid)) {
      const n = (this.counts.get(stage) ?? 0) + 1;
      this.counts.set(stage, n);
      this.known.set(uid, `${stage} ${n}`);
      const { annotations, log } = this.parts[stage]?.(n, pod) ?? {};
      if (log !== undefined) await this.kubectl.apply(podLog(this.kubectl, this.namespace, name, log));
      const path = `/api/v1/namespaces/${this.namespace}/pods/${name}`;
      if (annotations !== undefined)
        await unlessGone(this.api.patch(path, 'merge', { metadata: { uid, annotations } }));
    }
    const label = this.known.get(uid) ?? '';
    if (pod.status?.phase !== 'Pending' && !this.ran.includes(label)) this.ran.push(label);
  }
}

/** A pod may go between the look and the patch. */
async function unlessGone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 409)) throw error;
  }
}

const stageOf = (pod: PlayedPod): string => pod.metadata.labels?.['hps-bench/stage'] ?? '';

const isReady = (pod: PlayedPod): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  (pod.status?.containerStatuses ?? []).some((status) => status.ready === true);

function isOnNode(pod: PlayedPod): boolean {
  return pod.spec?.nodeName !== undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
}

/** Of what runs to the end of the pod: containers and sidecars. */
function gpusOf({ spec = {} }: PlayedPod): number {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars].reduce(
    (sum, { resources }) => sum + Number(resources?.limits?.['nvidia.com/gpu'] ?? 0),
    0,
  );
}
