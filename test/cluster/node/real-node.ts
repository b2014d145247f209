import { Resolver } from 'node:dns/promises';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../../../src/local/index.js';
import type { Processes } from '../../../src/local/processes.js';
import { kubeconfigOf } from '../access.js';
import type { ControlPlane } from '../control-plane.js';
import { freePorts } from '../../../src/local/ports.js';
import { Kubectl } from '../kubectl.js';
import * as configurations from './configurations.js';
import { makeNetwork, NODE_ADDRESS, requireOwnNetwork, writeCniConfig } from './network.js';

export const NODE_NAME = 'local';

export interface NodeParts {
  /** Folder of `containerdPrograms`. */
  readonly containerd: string;
  /** File of `imageArchive`. */
  readonly images: string;
  /** Cgroup of the pods. */
  readonly cgroup: string;
}

/**
 * Joins one real node, named `local`, to a control plane: its pods are containers of this machine, with kubelet, containerd,
 * kube-proxy and CoreDNS. It is made for namespaces of its own (run.ts), whose end is the end of everything in them.
 * @throws EnvironmentError with the last words of the program that did not start
 */
export async function startNode(plane: ControlPlane, processes: Processes, parts: NodeParts): Promise<void> {
  requireOwnNetwork();
  const { access, programs } = plane;
  const folders = { plane: access.folder, node: join(access.folder, 'node'), cgroup: parts.cgroup };
  const cni = configurations.cniFolder(folders.node);
  mkdirSync(cni, { recursive: true });
  writeCniConfig(cni);
  const [dnsPort = 0, proxyPort = 0] = await freePorts(2);
  makeNetwork(Number(new URL(access.server).port), dnsPort);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folders.node, name), text);
    return join(folders.node, name);
  };

  const toml = write('containerd.toml', configurations.containerdToml(folders));
  // containerd looks for its shim on PATH.
  const path = { PATH: `${parts.containerd}:${process.env['PATH'] ?? ''}` };
  programs.start('containerd', ['--config', toml], parts.containerd, path);
  const ctr = async (...args: string[]): Promise<number | null> => {
    const all = ['--address', configurations.socketOf(folders.node), '-n', 'k8s.io', ...args];
    const environment = { ...process.env, ...path };
    return (await processes.run({ command: join(parts.containerd, 'ctr'), args: all, environment })).code;
  };
  await programs.untilReady('containerd', 60, async () => (await ctr('version')) === 0);
  const imported = await ctr('images', 'import', parts.images);
  if (imported !== 0) throw new EnvironmentError(`ctr could not import ${parts.images}`);

  const kubectl = new Kubectl(access);
  await kubectl.apply(...configurations.COREDNS_RIGHTS);
  programs.start('coredns', [
    '-conf',
    write('Corefile', configurations.corefile(kubeconfigOf(access, 'coredns'), dnsPort)),
  ]);
  programs.start('kubelet', [
    `--config=${write('kubelet.json', configurations.kubeletConfiguration(folders))}`,
    ...[`--kubeconfig=${kubeconfigOf(access, 'kubelet')}`, `--cert-dir=${folders.node}/certificates`],
    ...[`--root-dir=${folders.node}/kubelet`, `--hostname-override=${NODE_NAME}`, `--node-ip=${NODE_ADDRESS}`],
  ]);
  const condition = '{.status.conditions[?(@.type=="Ready")].status}';
  await programs.untilReady('kubelet', 180, async () => {
    const { stdout } = await kubectl.run(['get', 'node', NODE_NAME, '-o', `jsonpath=${condition}`]);
    return stdout === 'True';
  });
  const proxy = write('proxy.json', configurations.proxyConfiguration(kubeconfigOf(access, 'kube-proxy'), proxyPort));
  programs.start('kube-proxy', [`--config=${proxy}`, `--hostname-override=${NODE_NAME}`]);
  await programs.untilReady('kube-proxy', 120, () => answers(`http://127.0.0.1:${proxyPort}/healthz`));
  await programs.untilReady('coredns', 120, () => resolves(dnsPort));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** Whether the DNS server knows the one Service that every cluster has. */
async function resolves(port: number): Promise<boolean> {
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  try {
    return (await resolver.resolve4('kubernetes.default.svc.cluster.local')).length === 1;
  } catch {
    return false;
  }
}

/** Lets the node say that it has so many GPUs: a number to the scheduler, and nothing else. */
export async function advertiseGpus(kubectl: Kubectl, gpus: number): Promise<void> {
  const value = String(gpus);
  const patch = ['capacity', 'allocatable'].map((list) => ({
    op: 'add',
    path: `/status/${list}/nvidia.com~1gpu`,
    value,
  }));
  await kubectl.ok(['patch', 'node', NODE_NAME, '--subresource=status', '--type=json', '-p', JSON.stringify(patch)]);
}
