import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../../src/local/processes.js';
import { goPrograms } from './go.js';

const MODULE = import.meta.dirname;

/** The names by which the one binary is called; main.go has the list. */
const PROGRAMS = [
  'certificates',
  'coredns',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
  'kwok',
  'kwok-objects',
] as const;
export type ClusterProgram = (typeof PROGRAMS)[number];

/** Programs of containerd, a module of its own: its dependencies' versions are not those of Kubernetes. */
export type NodeProgram = 'containerd' | 'containerd-shim-runc-v2' | 'ctr';

/** The folder with the cluster's programs. @throws EnvironmentError as `goPrograms` */
export function clusterPrograms(processes: Processes, say: (text: string) => void): Promise<string> {
  const [, kubernetes = '', major = '', minor = ''] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\S*)/.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8')) ?? [];
  const version = Object.entries({ gitVersion: kubernetes, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
  return goPrograms(
    'kubernetes',
    {
      module: MODULE,
      sources: ['go.mod', 'go.sum', 'main.go', 'certificates.go'],
      arguments: (folder) => ['build', '-trimpath', '-ldflags', `-s -w ${version}`, '-o', join(folder, 'cluster'), '.'],
      finish: (folder) => {
        for (const name of PROGRAMS) symlinkSync('cluster', join(folder, name));
      },
    },
    processes,
    say,
  );
}

/** The folder with containerd's programs. @throws EnvironmentError as `goPrograms` */
export function containerdPrograms(processes: Processes, say: (text: string) => void): Promise<string> {
  return goPrograms(
    'containerd',
    {
      module: join(MODULE, 'containerd'),
      sources: ['go.mod', 'go.sum'],
      // GOBIN is the folder.
      arguments: () => ['install', '-trimpath', '-ldflags', '-s -w', 'tool'],
    },
    processes,
    say,
  );
}
