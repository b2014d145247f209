import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../../src/local/ports.js';
import { kubeconfigOf, type Access } from '../access.js';
import { Kubectl, type KubernetesObject } from '../kubectl.js';
import type { Programs } from '../programs.js';

export const ARGOCD = 'argocd';
const MODULE = join(import.meta.dirname, '..', 'argocd');

/**
 * Starts Argo CD's core: application controller, repo server and ApplicationSet controller with a Redis, as processes that
 * reach the cluster by the admin's kubeconfig. No API server of its own and no UI: nothing here needs them.
 */
export async function startArgoCd(access: Access, programs: Programs, folder: string): Promise<void> {
  const kubectl = new Kubectl(access);
  await kubectl.ok(['apply', '--server-side', '-f', '-'], customResources());
  await kubectl.established();
  await kubectl.apply(...settings());

  const [redis = 0, repo = 0, ...metrics] = await freePorts(6);
  programs.start('redis-server', ['--bind', '127.0.0.1', '--port', `${redis}`, '--save', '', '--appendonly', 'no'], '');
  const state = join(access.folder, ARGOCD);
  for (const name of ['tls', 'ssh', 'gpg']) mkdirSync(join(state, name), { recursive: true });
  const environment = {
    // The cluster that Argo CD runs in, though it runs beside it.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    KUBECONFIG: kubeconfigOf(access, 'admin'),
    HOME: state,
    ARGOCD_TLS_DATA_PATH: join(state, 'tls'),
    ARGOCD_SSH_DATA_PATH: join(state, 'ssh'),
    ARGOCD_GPG_DATA_PATH: join(state, 'gpg'),
    ARGOCD_GPG_ENABLED: 'false',
    TMPDIR: state,
  };
  const common = ['--loglevel', 'warn', '--redis', `127.0.0.1:${redis}`];
  const start = (name: string, ...args: string[]): void => {
    programs.start(name, args, folder, { ...environment, ARGOCD_BINARY_NAME: name });
  };
  start('argocd-repo-server', ...common, '--port', `${repo}`, '--metrics-port', `${metrics[0] ?? 0}`);
  const server = ['--repo-server', `127.0.0.1:${repo}`, '--namespace', ARGOCD];
  // So that each object's health can be read from the Application itself; else only Argo CD's UI and command line have it.
  const controller = ['--persist-resource-health', '--metrics-port', `${metrics[1] ?? 0}`];
  start('argocd-application-controller', ...common, ...server, ...controller);
  const probes = ['--metrics-addr', `127.0.0.1:${metrics[2] ?? 0}`, '--probe-addr', `127.0.0.1:${metrics[3] ?? 0}`];
  start(
    'argocd-applicationset-controller',
    ...['--loglevel', 'warn', '--argocd-repo-server', `127.0.0.1:${repo}`, '--namespace', ARGOCD],
    ...probes,
  );
}

/** The definitions that Argo CD's module brings. */
function customResources(): string {
  const module = execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'github.com/argoproj/argo-cd/v3'], {
    cwd: MODULE,
    encoding: 'utf8',
  }).trim();
  const folder = join(module, 'manifests', 'crds');
  return readdirSync(folder)
    .filter((name) => name.endsWith('-crd.yaml'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n---\n');
}

/** What `argocd`'s own manifests bring besides its pods: names that its parts look for, and a project that allows all. */
function settings(): KubernetesObject[] {
  const metadata = (name: string) => ({
    name,
    namespace: ARGOCD,
    labels: { 'app.kubernetes.io/part-of': 'argocd', 'app.kubernetes.io/name': name },
  });
  const maps = ['argocd-cm', 'argocd-rbac-cm', 'argocd-cmd-params-cm', 'argocd-ssh-known-hosts-cm'];
  const empty = [...maps, 'argocd-tls-certs-cm', 'argocd-gpg-keys-cm'].map((name) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data: {} },
  }));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ARGOCD } },
    ...empty,
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('argocd-secret'),
      stringData: { 'server.secretkey': 'test' },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default', namespace: ARGOCD },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ namespace: '*', server: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    },
  ];
}
