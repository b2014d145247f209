import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How to reach a running cluster; plain data, so that it can be handed to another process. */
export interface Access {
  /** Its folder: keys, logs, kubeconfigs. */
  readonly folder: string;
  /** The folder of programs, kubectl among them. */
  readonly programs: string;
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
}

/** Who the cluster's own programs are; the rights of all but the first two are those that RBAC or Node authorization give. */
export const IDENTITIES = {
  admin: { user: 'admin', groups: ['system:masters'] },
  kwok: { user: 'kwok', groups: ['system:masters'] },
  'kube-controller-manager': { user: 'system:kube-controller-manager', groups: [] },
  'kube-scheduler': { user: 'system:kube-scheduler', groups: [] },
  kubelet: { user: 'system:node:local', groups: ['system:nodes'] },
  'kube-proxy': { user: 'system:kube-proxy', groups: [] },
  coredns: { user: 'coredns', groups: [] },
} as const;
export type Identity = keyof typeof IDENTITIES;

export const authorityFile = (folder: string): string => join(folder, 'ca.crt');
export const tokensFile = (folder: string): string => join(folder, 'tokens.csv');
export const kubeconfigOf = (access: Access, identity: Identity): string =>
  join(access.folder, `${identity}.kubeconfig`);

/** Writes the API server's list of tokens and a kubeconfig for each. @returns the admin's token */
export function writeIdentities(access: Access): string {
  const tokens = Object.entries(IDENTITIES).map(([identity, { user, groups }]) => {
    const token = randomBytes(16).toString('hex');
    writeKubeconfig(kubeconfigOf(access, identity as Identity), access, token);
    return { token, line: `${token},${user},${user},"${groups.join(',')}"\n` };
  });
  writeFileSync(tokensFile(access.folder), tokens.map(({ line }) => line).join(''), { mode: 0o600 });
  return tokens[0]?.token ?? '';
}

/** A kubeconfig (JSON is YAML) by which the bearer of that token reaches the cluster. */
export function writeKubeconfig(file: string, access: Access, token: string, namespace = 'default'): void {
  const authority = readFileSync(authorityFile(access.folder)).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: access.server, 'certificate-authority-data': authority } }],
    users: [{ name: 'bearer', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'bearer', namespace } }],
    'current-context': 'test',
  };
  writeFileSync(file, `${JSON.stringify(config, null, 1)}\n`, { mode: 0o600 });
}
