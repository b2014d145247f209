import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { resultsName, type Plan } from '../../../jobs/conductor/plan.js';
import type { RunStatus } from '../../../jobs/conductor/status.js';
import type { MeasurementRecord } from '../../../src/records/index.js';
import type { Kubectl, KubernetesObject } from '../kubectl.js';
import { NODE_NAME } from './real-node.js';

/** A folder of this node as the volume of a namespace's claim. */
export function nodeVolume(kubectl: Kubectl, namespace: string): KubernetesObject {
  const path = join(kubectl.access.folder, `volume-${namespace}`);
  mkdirSync(path);
  const here = { key: 'kubernetes.io/hostname', operator: 'In', values: [NODE_NAME] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: namespace },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      local: { path },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } },
      claimRef: { namespace, name: 'hps-bench' },
    },
  };
}

export interface PodObject {
  metadata: { name: string; uid: string; labels: Record<string, string>; deletionTimestamp?: string };
  status: { phase: string; startTime?: string };
}

/** What one run made of a namespace, seen with kubectl. */
export class PipelineRun {
  constructor(
    private readonly kubectl: Kubectl,
    private readonly plan: Plan,
  ) {}

  async pods(stage?: string): Promise<PodObject[]> {
    const selector = stage === undefined ? [] : ['-l', `hps-bench/stage=${stage}`];
    return (await this.kubectl.get<{ items: PodObject[] }>('pods', '-n', this.plan.namespace, ...selector)).items;
  }

  /** The pod of a stage that runs now and is not on its way out. */
  async running(stage: string): Promise<PodObject | undefined> {
    return (await this.pods(stage)).find(
      ({ metadata, status }) =>
        status.phase === 'Running' &&
        metadata.deletionTimestamp === undefined &&
        // Triton is the same for all runs of a spec.
        (stage === 'serve' || metadata.labels['hps-bench/run'] === this.plan.runId),
    );
  }

  /** Measurements that are whole in the log of the measuring pod that runs now. */
  async framesInLog(): Promise<number> {
    const pod = await this.running('measure');
    if (pod === undefined) return 0;
    const { stdout } = await this.kubectl.run(['logs', pod.metadata.name, '-n', this.plan.namespace]);
    return stdout.split('\n').filter((line) => line.startsWith('#hps-bench:end ')).length;
  }

  /** The published texts; undefined before the conductor has published any. */
  async published(): Promise<Record<string, string> | undefined> {
    const where = ['configmap', resultsName(this.plan.runId), '-n', this.plan.namespace, '-o', 'json'];
    const { code, stdout } = await this.kubectl.run(['get', ...where]);
    return code === 0 ? (JSON.parse(stdout) as { data: Record<string, string> }).data : undefined;
  }

  async status(): Promise<RunStatus | undefined> {
    const text = (await this.published())?.['status.json'];
    return text === undefined ? undefined : (JSON.parse(text) as RunStatus);
  }

  async records(): Promise<MeasurementRecord[]> {
    const text = (await this.published())?.['records.ndjson'] ?? '';
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as MeasurementRecord]));
  }

  /** Waits until the run is over. @returns its last status */
  async over(seconds = 800): Promise<RunStatus> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const status = await this.status();
      if (status?.finishedAt != null) return status;
      if (Date.now() > deadline)
        throw new Error(`not over after ${seconds} s: ${JSON.stringify(status)}\n${await this.story()}`);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }

  /** For a message: pods and the last events. */
  async story(): Promise<string> {
    const where = ['-n', this.plan.namespace];
    const pods = await this.kubectl.run(['get', 'pods', ...where]);
    const events = await this.kubectl.run(['events', ...where]);
    return `${pods.stdout}\n${events.stdout.split('\n').slice(-30).join('\n')}`;
  }
}
