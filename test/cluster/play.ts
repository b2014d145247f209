import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl, KubernetesObject } from './kubectl.js';

/** What becomes of a pod on a node of kwok: annotations that `stages/pods.yaml` reads. */
const PREFIX = 'hps-bench.test/';

/** How a running pod ends. */
export interface End {
  readonly exitCode: number;
  /** What its containers left as their termination message. */
  readonly message?: string;
  /** Such as `2s`. */
  readonly after?: string;
}

/** Annotations of a pod that ends so. Until it has them, a pod runs for ever. */
export function ends({ exitCode, message, after }: End): Record<string, string> {
  return {
    [`${PREFIX}exit-code`]: String(exitCode),
    ...(message === undefined ? {} : { [`${PREFIX}message`]: message }),
    ...(after === undefined ? {} : { [`${PREFIX}ends-after`]: after }),
  };
}

/** Annotations of a pod that runs, and is not ready. */
export const NOT_READY = { [`${PREFIX}not-ready`]: 'true' } as const;

/** Annotations of a pod whose containers wait to be started, for a reason such as `ImagePullBackOff`. */
export function waits(reason: string, message: string): Record<string, string> {
  return { [`${PREFIX}waiting-reason`]: reason, [`${PREFIX}message`]: message };
}

/** Gives a pod that is there annotations of this file. */
export async function annotate(
  kubectl: Kubectl,
  namespace: string,
  pod: string,
  annotations: Record<string, string>,
): Promise<void> {
  const patch = JSON.stringify({ metadata: { annotations } });
  await kubectl.ok(['patch', 'pod', pod, '-n', namespace, '--type=merge', '-p', patch]);
}

/** A text as container runtimes keep a log: each line behind its time, its stream and whether it is whole. */
export function asContainerLog(text: string, time = new Date()): string {
  const whole = text.endsWith('\n');
  const lines = (whole ? text.slice(0, -1) : text).split('\n');
  const stamp = time.toISOString();
  return lines.map((line, i) => `${stamp} stdout ${!whole && i === lines.length - 1 ? 'P' : 'F'} ${line}\n`).join('');
}

/** The object by which kwok serves that text as the log of one pod's containers (all of them, unless told otherwise). */
export function podLog(
  kubectl: Kubectl,
  namespace: string,
  pod: string,
  text: string,
  containers?: readonly string[],
): KubernetesObject {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Logs',
    metadata: { name: pod, namespace },
    spec: { logs: [logEntry(kubectl, text, containers)] },
  };
}

/** The same for every pod of a namespace whose containers have these names. */
export function containerLogs(
  kubectl: Kubectl,
  namespace: string,
  texts: Readonly<Record<string, string>>,
): KubernetesObject {
  const logs = Object.entries(texts).map(([container, text]) => logEntry(kubectl, text, [container]));
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: namespace },
    spec: { selector: { matchNamespaces: [namespace] }, logs },
  };
}

function logEntry(kubectl: Kubectl, text: string, containers?: readonly string[]): Record<string, unknown> {
  const file = join(mkdtempSync(join(kubectl.access.folder, 'log-')), 'container.log');
  writeFileSync(file, asContainerLog(text));
  return { logsFile: file, follow: false, ...(containers === undefined ? {} : { containers }) };
}
