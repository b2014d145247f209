import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { freePorts } from '../../../src/local/ports.js';
import { authorityFile, kubeconfigOf, type Access } from '../access.js';
import { Kubectl, type KubernetesObject } from '../kubectl.js';
import type { Programs } from '../programs.js';

const MODULE = join(import.meta.dirname, '..', 'kueue');
const NAMESPACE = 'kueue-system';
/** Where Kueue looks for it, whatever its settings say; `run.ts` has made this /etc the tests' own. */
const METRICS_CERTIFICATES = '/etc/kueue/metrics/certs';

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/**
 * Starts Kueue's controller as a process, with its webhooks on loopback: it queues Jobs, and Deployments by their pods, that
 * name a queue, and leaves all others alone.
 */
export async function startKueue(access: Access, programs: Programs, folder: string): Promise<void> {
  const kubectl = new Kubectl(access);
  const source = join(moduleFolder(), 'config', 'components');
  const [webhook = 0, metrics = 0, health = 0] = await freePorts(3);
  await kubectl.ok(['apply', '--server-side', '-f', join(source, 'crd', 'bases')]);
  await kubectl.established();
  await kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });

  const certificates = join(access.folder, 'kueue');
  for (const place of [certificates, METRICS_CERTIFICATES]) {
    mkdirSync(place, { recursive: true });
    // The API server's own certificate names 127.0.0.1.
    copyFileSync(join(access.folder, 'apiserver.crt'), join(place, 'tls.crt'));
    copyFileSync(join(access.folder, 'apiserver.key'), join(place, 'tls.key'));
  }
  const configuration = {
    apiVersion: 'config.kueue.x-k8s.io/v1beta2',
    kind: 'Configuration',
    namespace: NAMESPACE,
    health: { healthProbeBindAddress: `127.0.0.1:${health}` },
    metrics: { bindAddress: `127.0.0.1:${metrics}` },
    webhook: { host: '127.0.0.1', port: webhook, certDir: certificates },
    internalCertManagement: { enable: false },
    leaderElection: { leaderElect: false },
    integrations: { frameworks: ['batch/job', 'pod', 'deployment'] },
  };
  const file = join(certificates, 'configuration.yaml');
  writeFileSync(file, yaml.dump(configuration));
  programs.start('kueue', ['--config', file, '--feature-gates=VisibilityOnDemand=false'], folder, {
    KUBECONFIG: kubeconfigOf(access, 'admin'),
  });
  await programs.untilReady('kueue', 120, () => answers(`http://127.0.0.1:${health}/readyz`));
  const manifests = yaml.loadAll(readFileSync(join(source, 'webhook', 'manifests.yaml'), 'utf8')) as KubernetesObject[];
  const authority = readFileSync(authorityFile(access.folder)).toString('base64');
  await kubectl.apply(...manifests.map((manifest) => reachable(manifest, webhook, authority)));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function moduleFolder(): string {
  const arguments_ = ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kueue'];
  return execFileSync('go', arguments_, { cwd: MODULE, encoding: 'utf8' }).trim();
}

/** The webhook's configuration with the address of the process in place of a Service's. Kinds that nobody defines are left out. */
function reachable(manifest: KubernetesObject, port: number, authority: string): KubernetesObject {
  const ours = /-(v1-(job|pod|deployment)|v1beta2-(clusterqueue|resourceflavor|workload|localqueue|cohort))$/;
  const webhooks = (manifest['webhooks'] as Webhook[])
    .filter(({ clientConfig }) => ours.test(clientConfig.service.path))
    .map((one) => ({
      ...one,
      clientConfig: { url: `https://127.0.0.1:${port}${one.clientConfig.service.path}`, caBundle: authority },
    }));
  return { ...manifest, metadata: { name: `kueue-${manifest.metadata.name}` }, webhooks };
}

/** A queue of a namespace over a quota of GPUs, and of everything else more than enough. */
export function queueOf(namespace: string, gpus: number): KubernetesObject[] {
  const apiVersion = 'kueue.x-k8s.io/v1beta2';
  const quota = { cpu: '1000', memory: '10Ti', 'nvidia.com/gpu': String(gpus) };
  const resources = Object.entries(quota).map(([name, nominalQuota]) => ({ name, nominalQuota }));
  return [
    {
      ...{ apiVersion, kind: 'ResourceFlavor', metadata: { name: 'a100' } },
      spec: { nodeLabels: { 'nvidia.com/gpu.present': 'true' } },
    },
    {
      ...{ apiVersion, kind: 'ClusterQueue', metadata: { name: namespace } },
      spec: {
        namespaceSelector: {},
        resourceGroups: [{ coveredResources: Object.keys(quota), flavors: [{ name: 'a100', resources }] }],
      },
    },
    {
      ...{ apiVersion, kind: 'LocalQueue', metadata: { name: 'benchmarks', namespace } },
      spec: { clusterQueue: namespace },
    },
  ];
}
