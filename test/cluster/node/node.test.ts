import { beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, type KubernetesObject } from '../kubectl.js';
import { RESTRICTED, restrictedNamespace } from '../restricted.js';
import { IMAGES } from './image.js';
import { advertiseGpus } from './real-node.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'node';

const volumes = [{ name: 'data', emptyDir: {} }];
const volumeMounts = [{ name: 'data', mountPath: '/data' }];

function container(name: string, script: string, more: object = {}): object {
  const common = { image: IMAGES.base, securityContext: RESTRICTED, volumeMounts };
  return { name, command: ['sh', '-ec', script], ...common, ...more };
}

function pod(name: string, spec: object, labels: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels },
    spec: { restartPolicy: 'Never', securityContext: { fsGroup: 1000 }, volumes, ...spec },
  };
}

interface PodStatus {
  status: { phase: string; containerStatuses: { state: { terminated?: { exitCode: number; message?: string } } }[] };
}

/** Waits for the end of a pod. @throws Error with its log if it ended otherwise */
async function ended(name: string, phase: 'Succeeded' | 'Failed'): Promise<PodStatus['status']> {
  const look = async () => (await kubectl.get<PodStatus>('pod', name, '-n', NAMESPACE)).status;
  await expect.poll(async () => (await look()).phase, { timeout: 300_000 }).toMatch(/Succeeded|Failed/);
  const status = await look();
  if (status.phase !== phase)
    throw new Error(`${name}: ${status.phase}\n${await kubectl.ok(['logs', name, '-n', NAMESPACE])}`);
  return status;
}

beforeAll(async () => {
  await kubectl.apply(restrictedNamespace(NAMESPACE));
  await kubectl.ok(['wait', '--for=create', 'serviceaccount/default', '-n', NAMESPACE, '--timeout=60s']);
});

describe('the real node', () => {
  it('runs an init container and a main one as user 1000, shows the log and keeps the termination message', async () => {
    const init = container('init', 'id -u > /data/who; ls -ld /data | cut -c1-10 >> /data/who');
    const main = container('main', 'cat /data/who; printf "{\\"ok\\":true}" > /dev/termination-log');
    await kubectl.apply(pod('two-containers', { initContainers: [init], containers: [main] }));
    const status = await ended('two-containers', 'Succeeded');
    expect(status.containerStatuses[0]?.state.terminated).toMatchObject({ exitCode: 0, message: '{"ok":true}' });
    expect(await kubectl.ok(['logs', 'two-containers', '-n', NAMESPACE])).toBe('1000\ndrwxrwsrwx\n');
  });

  it('reports the exit code of a pod that fails', async () => {
    await kubectl.apply(pod('fails', { containers: [container('main', 'echo broken >&2; exit 7')] }));
    const status = await ended('fails', 'Failed');
    expect(status.containerStatuses[0]?.state.terminated).toMatchObject({ exitCode: 7 });
  });

  it('follows a log to the end of its container', async () => {
    const script = 'for i in 1 2 3; do echo $i; sleep 0.5; done';
    await kubectl.apply(pod('counts', { containers: [container('main', script)] }));
    await kubectl.ok(['wait', '--for=condition=Ready', 'pod/counts', '-n', NAMESPACE, '--timeout=300s']);
    expect(await kubectl.ok(['logs', '-f', 'counts', '-n', NAMESPACE])).toBe('1\n2\n3\n');
  });

  it('lets pods reach a Service by its name, and the API server with their token', async () => {
    const server = container('main', 'cd /data && echo hello > index.html && exec python3 -m http.server 8000', {
      readinessProbe: { httpGet: { port: 8000, path: '/' }, periodSeconds: 1 },
    });
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'greeter', namespace: NAMESPACE },
      spec: { selector: { app: 'greeter' }, ports: [{ port: 80, targetPort: 8000 }] },
    };
    await kubectl.apply(service, pod('greeter', { containers: [server] }, { app: 'greeter' }));
    await kubectl.ok(['wait', '--for=condition=Ready', 'pod/greeter', '-n', NAMESPACE, '--timeout=300s']);
    const python = [
      'import ssl, urllib.request as u',
      'print(u.urlopen("http://greeter", timeout=30).read().decode().strip())',
      'folder = "/var/run/secrets/kubernetes.io/serviceaccount/"',
      'who = {"Authorization": "Bearer " + open(folder + "token").read()}',
      'context = ssl.create_default_context(cafile=folder + "ca.crt")',
      'request = u.Request("https://kubernetes.default.svc/version", headers=who)',
      'print(u.urlopen(request, context=context, timeout=30).status)',
    ].join('\n');
    await kubectl.apply(pod('caller', { containers: [container('main', `python3 -c '${python}'`)] }));
    await ended('caller', 'Succeeded');
    expect(await kubectl.ok(['logs', 'caller', '-n', NAMESPACE])).toBe('hello\n200\n');
  });

  it('has the one GPU that it was told to have', async () => {
    await advertiseGpus(kubectl, 1);
    const resources = { limits: { 'nvidia.com/gpu': '1' } };
    await kubectl.apply(pod('one-gpu', { containers: [container('main', 'sleep 1', { resources })] }));
    await ended('one-gpu', 'Succeeded');
  });

  it('refuses what the restricted standard forbids', async () => {
    const bare = JSON.stringify(pod('bare', { containers: [{ name: 'main', image: IMAGES.base }] }));
    expect((await kubectl.run(['apply', '-f', '-'], bare)).stderr).toContain('violates PodSecurity');
  });
});
