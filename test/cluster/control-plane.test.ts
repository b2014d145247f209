import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from './a100-node.js';
import { Kubectl, type KubernetesObject } from './kubectl.js';
import { annotate, ends, podLog, waits } from './play.js';
import { RESTRICTED, restrictedNamespace } from './restricted.js';
import { ownCluster } from './worker.js';

const kubectl = new Kubectl(ownCluster());
const SAMPLES = join(import.meta.dirname, '..', 'fixtures', 'perf-analyzer', 'real-triton');
const NAMESPACE = 'control-plane';

function pod(name: string, annotations: Record<string, string> = {}, container: object = {}): KubernetesObject {
  const resources = { limits: { cpu: '1', 'nvidia.com/gpu': '1' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, annotations },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'example.com/none:1', resources, securityContext: RESTRICTED, ...container }],
    },
  };
}

interface PodStatus {
  spec: { nodeName?: string };
  status: { phase: string; containerStatuses?: { state: { terminated?: { exitCode: number; message?: string } } }[] };
}

beforeAll(async () => {
  await kubectl.apply(restrictedNamespace(NAMESPACE), a100Node('a100-control-plane'));
  await kubectl.ok(['wait', '--for=condition=Ready', 'node/a100-control-plane', '--timeout=60s']);
});

afterAll(async () => {
  await kubectl.abandon(NAMESPACE);
  await kubectl.ok(['delete', 'node', 'a100-control-plane']);
});

describe('the control plane for tests', () => {
  it('runs a pod on a GPU node until its annotation ends it, and its log is what kwok was given', async () => {
    const text = readFileSync(join(SAMPLES, '01-http-b32.txt'), 'utf8');
    await kubectl.apply(podLog(kubectl, NAMESPACE, 'ends-well', text), pod('ends-well'));
    await kubectl.ok(['wait', '--for=condition=Ready', 'pod/ends-well', '-n', NAMESPACE, '--timeout=60s']);
    const running = await kubectl.get<PodStatus>('pod', 'ends-well', '-n', NAMESPACE);
    expect(running).toMatchObject({ spec: { nodeName: 'a100-control-plane' }, status: { phase: 'Running' } });

    await annotate(kubectl, NAMESPACE, 'ends-well', ends({ exitCode: 0, message: '{"ok":true}' }));
    await kubectl.ok(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/ends-well', '-n', NAMESPACE]);
    const ended = await kubectl.get<PodStatus>('pod', 'ends-well', '-n', NAMESPACE);
    expect(ended.status.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 0,
      message: '{"ok":true}',
    });
    expect(await kubectl.ok(['logs', 'ends-well', '-n', NAMESPACE])).toBe(text);
  });

  it('lets a pod fail with an exit code and a message', async () => {
    await kubectl.apply(pod('fails', ends({ exitCode: 7, message: 'out of memory', after: '1s' })));
    await kubectl.ok(['wait', '--for=jsonpath={.status.phase}=Failed', 'pod/fails', '-n', NAMESPACE, '--timeout=60s']);
    const { status } = await kubectl.get<PodStatus>('pod', 'fails', '-n', NAMESPACE);
    expect(status.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 7, message: 'out of memory' });
  });

  it('lets a pod wait for an image, and takes it away when it is deleted', async () => {
    await kubectl.apply(pod('waits', waits('ImagePullBackOff', 'no such image')));
    const reason = '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff';
    await kubectl.ok(['wait', reason, 'pod/waits', '-n', NAMESPACE, '--timeout=60s']);
    await kubectl.ok(['delete', 'pod', 'waits', '-n', NAMESPACE, '--timeout=60s']);
    expect((await kubectl.run(['get', 'pod', 'waits', '-n', NAMESPACE])).code).not.toBe(0);
  });

  it('leaves a pod pending that asks for more GPUs than any node has', async () => {
    await kubectl.apply(pod('too-much', {}, { resources: { limits: { 'nvidia.com/gpu': '9' } } }));
    const message = '--for=jsonpath={.status.conditions[?(@.type=="PodScheduled")].reason}=Unschedulable';
    await kubectl.ok(['wait', message, 'pod/too-much', '-n', NAMESPACE, '--timeout=60s']);
  });

  it('refuses a privileged pod in a namespace that enforces restricted', async () => {
    const privileged = JSON.stringify(pod('privileged', {}, { securityContext: { privileged: true } }));
    const { code, stderr } = await kubectl.run(['apply', '-f', '-'], privileged);
    expect(code).toBe(1);
    expect(stderr).toContain('violates PodSecurity "restricted:latest": privileged');
  });

  it('gives a service account no right but those it was given', async () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'reader', namespace: NAMESPACE } };
    await kubectl.apply(account);
    await kubectl.ok(['create', 'role', 'reader', '-n', NAMESPACE, '--verb=get', '--resource=configmaps']);
    await kubectl.ok([
      'create',
      'rolebinding',
      'r',
      '-n',
      NAMESPACE,
      '--role=reader',
      `--serviceaccount=${NAMESPACE}:reader`,
    ]);
    const reader = await kubectl.as(NAMESPACE, 'reader');
    expect((await reader.run(['get', 'configmap', 'kube-root-ca.crt'])).code).toBe(0);
    expect((await reader.run(['get', 'pods'])).stderr).toContain('cannot list resource "pods"');
  });
});
