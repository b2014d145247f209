import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpApi } from '../../../jobs/conductor/api.js';
import { loadSpec, specHash, type Spec } from '../../../src/spec/index.js';
import { a100Node } from '../a100-node.js';
import { kubeconfigOf, type Access } from '../access.js';
import type { Kubectl, KubernetesObject } from '../kubectl.js';
import { asContainerLog, ends } from '../play.js';
import { adminApi } from '../rehearsal/client.js';
import { frameOf, messageOf, piecesOf, type Piece } from './evidence.js';

/** A measuring Job, its pod, and what that pod prints and says. */
export interface FleetUnit {
  readonly unit: string;
  readonly job: string;
  readonly pod: string;
  readonly pieces: readonly Piece[];
  /** What it prints. */
  readonly log: string;
  /** The file that kwok serves as its log. */
  readonly file: string;
}

export interface FleetOptions {
  readonly namespace: string;
  readonly units: number;
  readonly runId?: string;
  /** @default smoke with time windows: 4 cells */
  readonly spec?: Spec;
  /** Folder of this machine that has a results folder for each unit, for reader pods. @default none */
  readonly volume?: string;
  /** Name of the n-th unit. @default `gpu-00000` */
  readonly unitOf?: (n: number) => string;
  /** How the pod of the n-th unit differs. */
  readonly part?: (n: number, pieces: readonly Piece[]) => Part;
}

export interface Part {
  /** What it prints. @default a frame for each piece */
  readonly log?: string;
  /** Annotations of play.ts. @default it ends well and says what it left */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Node it is bound to. @default one of kwok's */
  readonly node?: string;
  /** The container form of its log. @default asContainerLog */
  readonly form?: (log: string) => string;
}

/** Pods of one node of kwok. */
const PODS_A_NODE = 100;
const SOCKETS = 6;

/**
 * A run of many units, made by hand: suspended Jobs say what is expected, and each has one pod bound to a node of kwok, whose
 * log is a file of its own.
 */
export class Fleet {
  readonly units: FleetUnit[] = [];
  readonly spec: Spec;
  readonly specHash: string;
  readonly runId: string;
  readonly namespace: string;
  private readonly apis: HttpApi[];
  private readonly folder: string;

  constructor(
    private readonly kubectl: Kubectl,
    private readonly options: FleetOptions,
  ) {
    this.namespace = options.namespace;
    this.spec = options.spec ?? loadSpec({ preset: 'smoke', set: ['perfAnalyzer.mode=time_windows', 'name=fleet'] });
    this.specHash = specHash(this.spec);
    this.runId = options.runId ?? 'run-1';
    this.apis = Array.from({ length: SOCKETS }, () => adminApi(kubectl.access));
    this.folder = mkdtempSync(join(kubectl.access.folder, 'fleet-'));
  }

  /** Makes everything; the pods have ended when it resolves, unless told otherwise. @param say told of the progress */
  async make(say: (line: string) => void = () => undefined): Promise<void> {
    const { namespace, units } = this.options;
    await this.kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, this.planMap());
    const names = this.nodes();
    await this.kubectl.apply(...names.map((name) => a100Node(name)));
    await this.kubectl.ok(['wait', '--for=condition=Ready', ...names.map((name) => `node/${name}`), '--timeout=60s']);
    let made = 0;
    await eachOf(
      Array.from({ length: units }, (_, n) => n),
      SOCKETS * 4,
      async (n) => {
        await this.makeUnit(n);
        made += 1;
        if (made % 1000 === 0) say(`${made} of ${units} pods made`);
      },
    );
    this.units.sort((a, b) => (a.unit < b.unit ? -1 : 1));
  }

  private nodes(): string[] {
    const { namespace, units } = this.options;
    return Array.from({ length: Math.ceil(units / PODS_A_NODE) }, (_, n) => `${namespace}-${n}`);
  }

  /** The plan that the conductor's ConfigMap would hold. */
  private planMap(): KubernetesObject {
    const { runId, specHash: hash, spec, namespace } = this;
    const plan = { schema: 'hps-bench/plan/1', runId, specHash: hash, spec, stages: { measure: { job: 'measure-0' } } };
    return {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name: `conductor-${runId}`, namespace, labels: this.labels('conductor') },
      data: { 'plan.json': JSON.stringify(plan) },
    };
  }

  labels(stage: string): Record<string, string> {
    return { 'app.kubernetes.io/name': 'hps-bench', 'hps-bench/stage': stage, 'hps-bench/run': this.runId };
  }

  private async makeUnit(n: number): Promise<void> {
    const { namespace, spec, specHash: hash, runId } = this;
    const unit = this.options.unitOf?.(n) ?? `gpu-${String(n).padStart(5, '0')}`;
    const pieces = piecesOf({ spec, specHash: hash, runId, gpu: unit });
    const part = this.options.part?.(n, pieces) ?? {};
    const log = part.log ?? pieces.map(frameOf).join('');
    const [job, pod] = [`measure-${n}`, `measure-${n}-x`];
    const file = join(this.folder, `${n}.log`);
    writeFileSync(file, (part.form ?? asContainerLog)(log));
    const api = this.apis[n % SOCKETS] as HttpApi;
    await api.post(`/apis/batch/v1/namespaces/${namespace}/jobs`, this.job(job, unit));
    await api.post(`/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/logs`, {
      ...{ apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Logs', metadata: { name: pod, namespace } },
      spec: { logs: [{ logsFile: file, follow: false }] },
    });
    const annotations = part.annotations ?? ends({ exitCode: 0, message: messageOf(pieces) });
    const node = part.node ?? `${namespace}-${Math.floor(n / PODS_A_NODE)}`;
    await api.post(`/api/v1/namespaces/${namespace}/pods`, this.pod(pod, job, annotations, node));
    const kept = this.options.units > 2000 ? '' : log;
    this.units.push({ unit, job, pod, pieces: this.options.units > 2000 ? [] : pieces, log: kept, file });
  }

  private job(name: string, unit: string): KubernetesObject {
    const { volume } = this.options;
    const annotations = volume === undefined ? {} : { 'hps-bench/results': join(volume, unit) };
    const labels = { ...this.labels('measure'), 'hps-bench/unit': unit, 'hps-bench/spec': this.specHash };
    const spec = { restartPolicy: 'Never', containers: [CONTAINER], volumes: [] };
    return {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: this.namespace, labels, annotations } },
      // The pods are made by hand, so that their names are known beforehand.
      spec: { suspend: true, template: { spec } },
    };
  }

  private pod(
    name: string,
    job: string,
    annotations: Readonly<Record<string, string>>,
    nodeName: string,
  ): KubernetesObject {
    const labels = { ...this.labels('measure'), 'batch.kubernetes.io/job-name': job };
    const tolerations = [{ operator: 'Exists' }];
    return {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: this.namespace, labels, annotations } },
      spec: {
        restartPolicy: 'Never',
        nodeName,
        tolerations,
        containers: [CONTAINER],
        automountServiceAccountToken: false,
      },
    };
  }

  /** Waits until so many pods have ended. @param seconds how long nothing may change meanwhile */
  async ended(count = this.options.units, seconds = 120): Promise<void> {
    let [left, since] = [Infinity, Date.now()];
    while (left > this.options.units - count) {
      const running = await this.running();
      if (running < left) since = Date.now();
      left = Math.min(left, running);
      if (Date.now() - since > seconds * 1000)
        throw new Error(`${left} pods have not ended, and none has for ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  private async running(): Promise<number> {
    const fieldSelector = 'status.phase!=Succeeded,status.phase!=Failed';
    const path = `/api/v1/namespaces/${this.namespace}/pods`;
    let [count, next] = [0, ''];
    do {
      const query = { fieldSelector, limit: '500', ...(next === '' ? {} : { continue: next }) };
      const page = await this.api.get<{ items: unknown[]; metadata: { continue?: string } }>(path, query);
      count += page.items.length;
      next = page.metadata.continue ?? '';
    } while (next !== '');
    return count;
  }

  get api(): HttpApi {
    return this.apis[0] as HttpApi;
  }

  get access(): Access {
    return this.kubectl.access;
  }

  get kubeconfig(): string {
    return kubeconfigOf(this.access, 'admin');
  }

  /** Ends the connections, and deletes the namespace. */
  async end(): Promise<void> {
    await this.kubectl.ok(['delete', 'namespace', this.namespace, '--wait=false']);
    // Other files count on nodes of their own.
    await this.kubectl.ok(['delete', 'nodes', '--wait=false', ...this.nodes()]);
    for (const api of this.apis) api.close();
  }
}

const CONTAINER = { name: 'measure', image: 'example.com/none:1' };

/** So many at once. */
export async function eachOf<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
