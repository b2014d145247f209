/** What the conductor reads and changes in its namespace, in the words of the run. */
import { createHash } from 'node:crypto';
import { ApiError, type Api } from './api.js';
import type { ConfigMap, IndexedJob, Job, Pod, Scale } from './objects.js';
import { GATE } from './plan.js';

/** Owner of the fields that the conductor writes. */
export const MANAGER = 'hps-bench-conductor';

/** Annotation of the conductor's Job: what came of the run, in a sentence. */
export const OUTCOME = 'hps-bench/outcome';

/** Lines of a failing container that are shown. */
const LAST_LINES = 20;

export class Cluster {
  private jobUid: string | undefined;

  /** @param guard called before every change; throws where this conductor may not make it (any more) */
  constructor(
    private readonly api: Api,
    private readonly namespace: string,
    private readonly guard: (what: 'results' | 'workload') => void,
  ) {}

  job(name: string): Promise<Job | undefined> {
    return orMissing(this.api.get<Job>(`/apis/batch/v1/namespaces/${this.namespace}/jobs/${name}`));
  }

  /** Says on a Job what came of it, where `kubectl describe` and Argo CD's health of it look. Not an error without the Job. */
  noteOutcome(job: string, outcome: string): Promise<unknown> {
    this.guard('workload');
    const path = `/apis/batch/v1/namespaces/${this.namespace}/jobs/${job}`;
    return orMissing(this.api.patch(path, 'merge', { metadata: { annotations: { [OUTCOME]: outcome } } }));
  }

  podsOfJob(job: string): Promise<Pod[]> {
    return this.pods(`batch.kubernetes.io/job-name=${job}`);
  }

  /** Oldest first, so that "the last one" has a meaning. */
  async pods(labelSelector: string, fieldSelector?: string): Promise<Pod[]> {
    const pods = await this.pages<Pod>(this.core('pods'), {
      labelSelector,
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    });
    return pods.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  }

  /** Jobs of a fleet. */
  jobs(labelSelector: string): Promise<IndexedJob[]> {
    return this.pages(`/apis/batch/v1/namespaces/${this.namespace}/jobs`, { labelSelector });
  }

  /** Ends a Job by a deadline that is over: its pods are deleted, what waits never starts. Not an error where it is gone. */
  endJob(name: string): Promise<unknown> {
    this.guard('workload');
    const path = `/apis/batch/v1/namespaces/${this.namespace}/jobs/${name}`;
    return orMissing(this.api.patch(path, 'merge', { spec: { activeDeadlineSeconds: 1 } }));
  }

  /** A list in pieces, so that thousands of pods are never one answer. */
  private async pages<T>(path: string, selection: Readonly<Record<string, string>>): Promise<T[]> {
    const items: T[] = [];
    let next = '';
    do {
      const query = { ...selection, limit: '500', ...(next === '' ? {} : { continue: next }) };
      const page: Page<T> = await this.api.get<Page<T>>(path, query);
      for (const item of page.items ?? []) items.push(item);
      next = page.metadata?.continue ?? '';
    } while (next !== '');
    return items;
  }

  /** Takes our gate away and leaves those of others. Not an error where it is gone already. */
  ungate(pod: Pod): Promise<unknown> {
    return this.patchPod(pod, { schedulingGates: [{ name: GATE, $patch: 'delete' }] });
  }

  /** Ends a pod without deleting it or its log: the kubelet stops it after this one second more. */
  stop(pod: Pod): Promise<unknown> {
    return this.patchPod(pod, { activeDeadlineSeconds: 1 });
  }

  private patchPod(pod: Pod, spec: Record<string, unknown>): Promise<unknown> {
    this.guard('workload');
    const { name, uid } = pod.metadata;
    // With the uid a pod that took the name since then is left alone.
    return orMissing(this.api.patch(this.core(`pods/${name}`), 'strategic', { metadata: { uid }, spec }));
  }

  scale(deployment: string): Promise<Scale | undefined> {
    return orMissing(this.api.get<Scale>(this.scalePath(deployment)));
  }

  /** Refused (409) if the Deployment changed since `scale` was read: an order that came too late must not take a GPU. */
  setReplicas(deployment: string, { metadata }: Scale, replicas: number): Promise<Scale> {
    this.guard('workload');
    const { resourceVersion } = metadata;
    return this.api.patch(this.scalePath(deployment), 'merge', { metadata: { resourceVersion }, spec: { replicas } });
  }

  /** A container's log as it comes. */
  log(pod: string, container: string | null, previous = false): AsyncIterable<Buffer> {
    return this.api.stream(this.core(`pods/${pod}/log`), {
      ...(container === null ? {} : { container }),
      ...(previous ? { previous: 'true' } : {}),
    });
  }

  /** The last lines of a container's log; none where the log is gone or the node does not answer. */
  async lastLines(pod: string, container: string | null, previous = false, lines = LAST_LINES): Promise<string[]> {
    const query = { tailLines: String(lines), ...(previous ? { previous: 'true' } : {}) };
    const chunks: Buffer[] = [];
    try {
      const path = this.core(`pods/${pod}/log`);
      for await (const chunk of this.api.stream(path, { ...query, ...(container === null ? {} : { container }) }))
        chunks.push(chunk);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    const text = Buffer.concat(chunks).toString('utf8').trimEnd();
    return text === '' ? [] : text.split('\n');
  }

  configMap(name: string): Promise<ConfigMap | undefined> {
    return orMissing(this.api.get<ConfigMap>(this.core(`configmaps/${name}`)));
  }

  /** Makes or replaces a ConfigMap by server-side apply. Refused (409) if it is not of `resourceVersion` any more. */
  applyConfigMap(body: ConfigMap & { metadata: { labels?: Record<string, string> } }): Promise<ConfigMap> {
    this.guard('results');
    return this.api.patch<ConfigMap>(
      this.core(`configmaps/${body.metadata.name}`),
      'apply',
      { apiVersion: 'v1', kind: 'ConfigMap', ...body },
      { fieldManager: MANAGER, force: 'true' },
    );
  }

  /**
   * An event on the conductor's Job. One that cannot be told is not worth a run.
   * @param event `key` tells it from others of the same reason: told again, by whichever conductor, it stays one event
   */
  async event(
    job: string,
    event: { reason: string; key: string; message: string; warning: boolean; at: string },
  ): Promise<void> {
    this.jobUid ??= (await this.job(job))?.metadata.uid;
    const { reason, key, message, warning, at } = event;
    const id = createHash('sha256').update(`${reason} ${key}`).digest('hex').slice(0, 16);
    const { namespace } = this;
    const involvedObject = { apiVersion: 'batch/v1', kind: 'Job', name: job, namespace, uid: this.jobUid };
    try {
      await this.api.post(this.core('events'), {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${job}.${id}`, namespace },
        involvedObject,
        reason,
        // The API server refuses messages above 1024 bytes.
        message: Buffer.from(message)
          .subarray(0, 1000)
          .toString('utf8')
          .replace(/\ufffd+$/, ''),
        type: warning ? 'Warning' : 'Normal',
        source: { component: MANAGER },
        reportingComponent: MANAGER,
        reportingInstance: job,
        firstTimestamp: at,
        lastTimestamp: at,
        count: 1,
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private core(path: string): string {
    return `/api/v1/namespaces/${this.namespace}/${path}`;
  }

  private scalePath(deployment: string): string {
    return `/apis/apps/v1/namespaces/${this.namespace}/deployments/${deployment}/scale`;
  }
}

interface Page<T> {
  readonly items?: readonly T[];
  readonly metadata?: { readonly continue?: string };
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function age(pod: Pod): string {
  return `${pod.metadata.creationTimestamp ?? ''} ${pod.metadata.name}`;
}
