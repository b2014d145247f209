import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Processes } from '../../src/local/processes.js';
import { authorityFile, kubeconfigOf, tokensFile, writeIdentities, type Access } from './access.js';
import { freePorts } from '../../src/local/ports.js';
import { getStatus } from './http.js';
import { makeFolder, removeFolder } from './folder.js';
import { Programs } from './programs.js';

/** Addresses of Services; the API server's certificate names the first one. */
export const SERVICE_RANGE = '10.96.0.0/16';
const LOOPBACK = '127.0.0.1';

/**
 * An API server with its etcd, controllers and scheduler, all of them upstream's, listening on 127.0.0.1 only, with an
 * authority of its own, RBAC and Node authorization, and the usual admission (PodSecurity among it). It has no nodes.
 */
export class ControlPlane {
  private constructor(
    readonly access: Access,
    readonly programs: Programs,
    private readonly adminToken: string,
    private readonly ownsFolder: boolean,
    private readonly ports: { readonly api: number; readonly etcd: number },
  ) {}

  /**
   * @param programs folder of `clusterPrograms`
   * @param given where it keeps its files, for a caller who removes the folder; else it makes and removes one
   * @throws EnvironmentError with the last words of a program that ended or is not ready in time
   */
  static async start(processes: Processes, programs: string, given?: string): Promise<ControlPlane> {
    const folder = given ?? makeFolder();
    const [port = 0, ...ports] = await freePorts(5);
    const access = { folder, programs, server: `https://${LOOPBACK}:${port}` };
    execFileSync(join(programs, 'certificates'), [folder]);
    const plane = new ControlPlane(
      access,
      new Programs(processes, access),
      writeIdentities(access),
      given === undefined,
      { api: port, etcd: ports[0] ?? 0 },
    );
    try {
      await plane.startAll(ports);
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  private async startAll([client = 0, peer = 0, controllers = 0, scheduler = 0]: number[]): Promise<void> {
    const { programs } = this;
    programs.start('etcd', etcdFlags(this.access.folder, client, peer));
    await programs.untilReady('etcd', 60, async () => (await etcdHealth(client)) === 200);
    await this.startApiServer();
    programs.start('kube-controller-manager', [
      ...clientFlags(this.access, 'kube-controller-manager', controllers),
      ...['--use-service-account-credentials', '--concurrent-job-syncs=20'],
      `--service-account-private-key-file=${join(this.access.folder, 'sa.key')}`,
      `--root-ca-file=${authorityFile(this.access.folder)}`,
    ]);
    programs.start('kube-scheduler', clientFlags(this.access, 'kube-scheduler', scheduler));
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await programs.untilReady('kube-controller-manager', 180, () => this.answers(account));
    await programs.untilReady(
      'kube-scheduler',
      120,
      async () => (await getStatus(`https://${LOOPBACK}:${scheduler}/healthz`)) === 200,
    );
  }

  /** Starts the API server (again, where it was stopped by `programs.stop`) and waits until it is ready. */
  async startApiServer(): Promise<void> {
    const { api, etcd } = this.ports;
    this.programs.start('kube-apiserver', apiServerFlags(this.access.folder, api, etcd));
    await this.programs.untilReady('kube-apiserver', 180, () => this.answers('/readyz'));
  }

  /** Lets etcd forget all versions of objects but the last ones, as it does every five minutes. */
  async compact(): Promise<void> {
    const ask = async (path: string, body: unknown): Promise<unknown> => {
      const url = `http://${LOOPBACK}:${this.ports.etcd}/v3/kv/${path}`;
      const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`etcd, ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    };
    const { header } = (await ask('range', { key: 'AA==' })) as { header: { revision: string } };
    await ask('compaction', { revision: header.revision, physical: true });
  }

  private async answers(path: string): Promise<boolean> {
    const ca = readFileSync(authorityFile(this.access.folder), 'utf8');
    return (await getStatus(`${this.access.server}${path}`, { ca, token: this.adminToken })) === 200;
  }

  /** Ends its programs, those last started first, and removes the folder it made. */
  async stop(): Promise<void> {
    await this.programs.stopAll();
    if (this.ownsFolder) removeFolder(this.access.folder);
  }
}

async function etcdHealth(port: number): Promise<number> {
  try {
    return (await fetch(`http://${LOOPBACK}:${port}/health`)).status;
  } catch {
    return 0;
  }
}

function etcdFlags(folder: string, client: number, peer: number): string[] {
  const data = join(folder, 'etcd');
  mkdirSync(data, { mode: 0o700 });
  const [clients, peers] = [`http://${LOOPBACK}:${client}`, `http://${LOOPBACK}:${peer}`];
  return [
    // What it holds ends with the test: no need to wait for the disk.
    ...['--name=test', `--data-dir=${data}`, '--unsafe-no-fsync'],
    ...[`--listen-client-urls=${clients}`, `--advertise-client-urls=${clients}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`, `--initial-cluster=test=${peers}`],
  ];
}

function apiServerFlags(folder: string, port: number, etcd: number): string[] {
  const file = (name: string): string => join(folder, name);
  return [
    ...[`--etcd-servers=http://${LOOPBACK}:${etcd}`, `--secure-port=${port}`, `--cert-dir=${folder}`],
    ...[`--bind-address=${LOOPBACK}`, `--advertise-address=${LOOPBACK}`, '--endpoint-reconciler-type=none'],
    ...[`--tls-cert-file=${file('apiserver.crt')}`, `--tls-private-key-file=${file('apiserver.key')}`],
    ...[`--client-ca-file=${authorityFile(folder)}`, `--token-auth-file=${tokensFile(folder)}`],
    // What kubeadm sets up; PodSecurity and the other usual plug-ins are on by default.
    ...['--authorization-mode=Node,RBAC', '--enable-admission-plugins=NodeRestriction', '--allow-privileged'],
    ...['--service-account-issuer=https://kubernetes.default.svc', `--service-account-key-file=${file('sa.pub')}`],
    ...[`--service-account-signing-key-file=${file('sa.key')}`, `--service-cluster-ip-range=${SERVICE_RANGE}`],
    // Serving certificates of kubelets and of kwok are throw-away ones: no authority is given for them.
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP,Hostname',
  ];
}

/** One replica elects no leader. The clients' own limits of 20 and 50 calls a second would set the pace of every test. */
function clientFlags(access: Access, identity: 'kube-controller-manager' | 'kube-scheduler', port: number): string[] {
  return [
    ...[`--kubeconfig=${kubeconfigOf(access, identity)}`, `--bind-address=${LOOPBACK}`, `--secure-port=${port}`],
    ...[`--cert-dir=${access.folder}`, '--leader-elect=false', '--kube-api-qps=1000', '--kube-api-burst=2000'],
  ];
}
