/**
 * Test double of a cluster's controllers, scheduler and kubelet: Jobs make gated pods, the Deployment keeps to its scale, and
 * pods do what a script says. Time passes in ticks.
 */
import type { ConfigMap, ContainerState, Job, Pod, Scale } from '../objects.js';
import { GATE } from '../plan.js';

/** What a pod's only container does. Whatever is left out goes well. */
export interface Script {
  /** The scheduler's words; for ever. */
  readonly unschedulable?: string;
  /** The kubelet's words for a container that does not start; for ever. */
  readonly waiting?: { reason: string; message: string };
  /** Ticks that it runs; Infinity for a server. @default 2 */
  readonly runs?: number;
  /** Ticks until a server is ready. @default 2 */
  readonly readyAfter?: number;
  /** The log after so many ticks of running. */
  readonly log?: (ticks: number) => string;
  readonly exitCode?: number;
  /** @default Completed or Error */
  readonly reason?: string;
  /** Termination message. */
  readonly message?: string;
  /** Called in each tick of running; an exit code ends the container. */
  readonly each?: () => number | undefined;
}

interface FakeJob {
  readonly gpus: number;
  readonly backoffLimit: number;
  readonly script: (pod: number) => Script;
  made: number;
  object: Job & { status: { conditions: { type: string; status: string; reason?: string; message?: string }[] } };
}

export interface FakePod {
  readonly owner: string;
  readonly gpus: number;
  readonly script: Script;
  object: Pod & { metadata: { labels: Record<string, string> } };
  ticks: number;
  leaving: number | undefined;
}

export class Workload {
  readonly jobs = new Map<string, FakeJob>();
  readonly pods = new Map<string, FakePod>();
  deployment:
    { name: string; replicas: number; made: number; version: number; script: (pod: number) => Script } | undefined;
  /** Names of pods that ran, in the order in which they began. */
  readonly began: string[] = [];
  /** The most GPUs that were held at once. */
  mostGpus = 0;
  private versions = 100;

  constructor(
    private readonly gpus: number,
    private readonly now: () => string,
  ) {}

  addJob(name: string, options: { gpus?: number; backoffLimit?: number; script: (pod: number) => Script }): void {
    const object = { metadata: { name, uid: `uid-${name}` }, status: { conditions: [] } };
    const { gpus = 0, backoffLimit = 0, script } = options;
    this.jobs.set(name, { gpus, backoffLimit, script, made: 0, object });
  }

  /** As the API server makes a Deployment whose manifest names no replicas: with one. */
  addDeployment(name: string, script: (pod: number) => Script): void {
    this.deployment = { name, replicas: 1, made: 0, version: this.version(), script };
  }

  version(): number {
    this.versions += 1;
    return this.versions;
  }

  get scale(): Scale | undefined {
    if (this.deployment === undefined) return undefined;
    const { name, replicas, version } = this.deployment;
    return {
      metadata: { name, resourceVersion: String(version) },
      spec: { replicas },
      status: { replicas, selector: `app=${name}` },
    };
  }

  /** As `kubectl delete pod` does. */
  remove(name: string, grace = 1): void {
    const pod = this.pods.get(name);
    if (pod === undefined) throw new Error(`there is no pod ${name}`);
    pod.leaving ??= grace;
    pod.object = { ...pod.object, metadata: { ...pod.object.metadata, deletionTimestamp: this.now() } };
  }

  get heldGpus(): number {
    return [...this.pods.values()].reduce((sum, pod) => sum + (isOn(pod) ? pod.gpus : 0), 0);
  }

  log(name: string): string | undefined {
    const pod = this.pods.get(name);
    if (pod === undefined || pod.ticks === 0) return undefined;
    return pod.script.log?.(pod.ticks) ?? '';
  }

  tick(): void {
    for (const pod of this.pods.values()) this.pod(pod);
    for (const [name, job] of this.jobs) this.job(name, job);
    this.scaleUpOrDown();
    this.mostGpus = Math.max(this.mostGpus, this.heldGpus);
  }

  private job(name: string, job: FakeJob): void {
    if (job.object.status.conditions.length > 0) return;
    const own = [...this.pods.values()].filter((pod) => pod.owner === name);
    const ended = (what: Pod): boolean => what.status?.phase === 'Failed' || what.status?.phase === 'Succeeded';
    if (own.some((pod) => pod.object.status?.phase === 'Succeeded'))
      job.object.status.conditions.push({ type: 'Complete', status: 'True' });
    // Pods that were deleted count as failed too.
    else if (!own.some((pod) => !ended(pod.object)) && job.made > job.backoffLimit)
      job.object.status.conditions.push({
        type: 'Failed',
        status: 'True',
        reason: 'BackoffLimitExceeded',
        message: 'Job has reached the specified backoff limit',
      });
    else if (!own.some((pod) => !ended(pod.object) && pod.leaving === undefined)) {
      job.made += 1;
      const labels = { 'batch.kubernetes.io/job-name': name };
      this.make(`${name}-${job.made}`, { owner: name, gpus: job.gpus, script: job.script(job.made), labels });
    }
  }

  private scaleUpOrDown(): void {
    const { deployment } = this;
    if (deployment === undefined) return;
    const own = [...this.pods.values()].filter(
      (pod) => pod.owner === deployment.name && pod.leaving === undefined && pod.object.status?.phase !== 'Failed',
    );
    if (own.length > deployment.replicas) for (const pod of own) this.remove(pod.object.metadata.name, 2);
    if (own.length >= deployment.replicas) return;
    deployment.made += 1;
    deployment.version = this.version();
    const { name, made, script } = deployment;
    this.make(`${name}-${made}`, { owner: name, gpus: 1, script: script(made), labels: { app: name } });
  }

  private make(
    name: string,
    of: { owner: string; gpus: number; script: Script; labels: Record<string, string> },
  ): void {
    const { labels, ...rest } = of;
    const metadata = { name, uid: `uid-${name}`, labels, creationTimestamp: this.now() };
    const object = { metadata, spec: { schedulingGates: [{ name: GATE }] }, status: { phase: 'Pending' } };
    this.pods.set(name, { ...rest, object, ticks: 0, leaving: undefined });
  }

  private pod(pod: FakePod): void {
    const { name } = pod.object.metadata;
    if (pod.leaving !== undefined) {
      pod.leaving -= 1;
      if (pod.leaving <= 0) this.pods.delete(name);
      return;
    }
    if ((pod.object.spec?.schedulingGates ?? []).length > 0) return;
    const phase = pod.object.status?.phase;
    if (phase === 'Pending') this.start(pod);
    else if (phase === 'Running') this.go(pod);
  }

  private start(pod: FakePod): void {
    const { unschedulable, waiting } = pod.script;
    const busy = pod.gpus > 0 && pod.object.spec?.nodeName === undefined && this.heldGpus + pod.gpus > this.gpus;
    if (unschedulable !== undefined || busy) {
      const message = unschedulable ?? '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.';
      const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
      pod.object = { ...pod.object, status: { phase: 'Pending', conditions } };
      return;
    }
    pod.object = { ...pod.object, spec: { ...pod.object.spec, nodeName: 'node-1' } };
    if (waiting !== undefined) this.put(pod, 'Pending', { waiting });
    else {
      this.began.push(pod.object.metadata.name);
      this.put(pod, 'Running', { running: { startedAt: this.now() } });
    }
  }

  private go(pod: FakePod): void {
    pod.ticks += 1;
    const { runs = 2, exitCode = 0, readyAfter = 2, each } = pod.script;
    const sudden = each?.();
    if (pod.object.spec?.activeDeadlineSeconds === 1) {
      const message = 'Pod was active on the node longer than the specified deadline';
      pod.object = { ...pod.object, status: { phase: 'Failed', reason: 'DeadlineExceeded', message } };
    } else if (sudden !== undefined || pod.ticks >= runs) this.finish(pod, sudden ?? exitCode);
    else if (pod.ticks >= readyAfter)
      this.put(pod, 'Running', pod.object.status?.containerStatuses?.[0]?.state ?? {}, true);
  }

  private finish(pod: FakePod, exitCode: number): void {
    const { reason = exitCode === 0 ? 'Completed' : 'Error', message } = pod.script;
    const terminated = { exitCode, reason, ...(message === undefined ? {} : { message }) };
    this.put(pod, exitCode === 0 ? 'Succeeded' : 'Failed', { terminated });
  }

  private put(pod: FakePod, phase: string, state: ContainerState, ready = false): void {
    pod.object = {
      ...pod.object,
      status: { phase, containerStatuses: [{ name: 'main', ready, restartCount: 0, state }] },
    };
  }
}

/** Whether a pod has a node's resources. */
function isOn({ object }: FakePod): boolean {
  const phase = object.status?.phase;
  return object.spec?.nodeName !== undefined && phase !== 'Succeeded' && phase !== 'Failed';
}

export type StoredMap = ConfigMap & { metadata: { resourceVersion: string; labels?: Record<string, string> } };
