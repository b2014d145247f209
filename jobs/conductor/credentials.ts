/** Where the API server is and who we are: what every pod with a ServiceAccount token finds, each overridable for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Credentials {
  /** `https://host:port`, without a slash at its end. */
  readonly address: string;
  /** The API server's CA in PEM; undefined: the system's. */
  readonly ca: string | undefined;
  /** Read again for every request, because the kubelet renews the file before the token expires. */
  readonly token: () => string | undefined;
}

const MOUNTED = '/var/run/secrets/kubernetes.io/serviceaccount';

export class CredentialsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CredentialsError';
  }
}

/**
 * @param env HPS_BENCH_API (address), HPS_BENCH_TOKEN_FILE and HPS_BENCH_CA_FILE override what is mounted
 * @throws CredentialsError outside of a pod without these
 */
export function credentials(env: NodeJS.ProcessEnv): Credentials {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const inCluster = host === undefined ? undefined : `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const address = env['HPS_BENCH_API'] ?? inCluster;
  if (address === undefined)
    throw new CredentialsError(
      'KUBERNETES_SERVICE_HOST is not set: this is no pod (run it as the Job of dist/, or name the API server in HPS_BENCH_API)',
    );
  const tokenFile = env['HPS_BENCH_TOKEN_FILE'] ?? join(MOUNTED, 'token');
  const caFile = env['HPS_BENCH_CA_FILE'] ?? join(MOUNTED, 'ca.crt');
  return {
    address: address.replace(/\/+$/, ''),
    ca: address.startsWith('https:') ? read(caFile, 'the CA of the API server') : undefined,
    token: () =>
      address.startsWith('https:') || env['HPS_BENCH_TOKEN_FILE'] ? read(tokenFile, 'the token') : undefined,
  };
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CredentialsError(
      `${path}: cannot be read as ${what}: ${(error as Error).message} (automountServiceAccountToken must be true for this pod)`,
    );
  }
}
