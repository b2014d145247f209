import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfigOf, writeKubeconfig, type Access } from './access.js';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Kubernetes object as the API has it, of which the caller knows the kind. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** kubectl with one kubeconfig: the admin's, unless told otherwise. */
export class Kubectl {
  constructor(
    readonly access: Access,
    readonly kubeconfig = kubeconfigOf(access, 'admin'),
  ) {}

  /** Runs it, whatever comes of it. @param input its standard input */
  run(args: readonly string[], input = ''): Promise<Answer> {
    return new Promise((resolve) => {
      const environment = {
        ...process.env,
        KUBECONFIG: this.kubeconfig,
        KUBECACHEDIR: join(this.access.folder, 'kubectl'),
      };
      const options = { env: environment, maxBuffer: 1 << 28, encoding: 'utf8' as const };
      const child = execFile(join(this.access.programs, 'kubectl'), args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      });
      child.stdin?.on('error', () => undefined); // it may end without reading
      child.stdin?.end(input);
    });
  }

  /** Runs it and returns its output. @throws Error with what it said, if it failed */
  async ok(args: readonly string[], input = ''): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: code ${code}\n${stderr}${stdout}`);
    return stdout;
  }

  /** `kubectl get … -o json`. @throws Error as `ok` */
  async get<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.ok(['get', ...args, '-o', 'json'])) as T;
  }

  /** Applies objects, with the API server as the owner of the merge. @throws Error as `ok` */
  async apply(...objects: readonly KubernetesObject[]): Promise<string> {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    return this.ok(['apply', '--server-side', '--force-conflicts', '-f', '-'], list);
  }

  /** `kubectl apply` again: the lines of what it did not find unchanged. @throws Error as `ok` */
  async changedBy(...args: readonly string[]): Promise<string[]> {
    const said = await this.ok(['apply', ...args]);
    return said
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith(' unchanged'));
  }

  /** Waits until all definitions may be used. kubectl's own wait fails on one that has no conditions yet. */
  async established(): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      const { code } = await this.run(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=10s']);
      if (code === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error('the definitions were not established');
  }

  /**
   * Deletes a namespace and frees what its pods hold, without the half minute of grace that they would be given: nothing that
   * must be ended runs in them. The namespace itself goes a little later; its name is not to be used again.
   */
  async abandon(namespace: string): Promise<void> {
    await this.ok(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
    // After it: in a namespace that goes, no controller can make others.
    await this.ok(['delete', 'pods', '--all', '-n', namespace, '--force', '--grace-period=0', '--wait=false']);
  }

  /** As `kubectl drain` evicts it: a disruption, which a Job's pod failure policy can tell from a failure. */
  async evict(namespace: string, pod: string): Promise<void> {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
    await this.ok(['create', '--raw', path, '-f', '-'], JSON.stringify(eviction));
  }

  /** The same program as a service account of a namespace, with a token of its own. */
  async as(namespace: string, serviceAccount: string): Promise<Kubectl> {
    const file = join(mkdtempSync(join(this.access.folder, 'account-')), 'kubeconfig');
    writeKubeconfig(file, this.access, await this.token(namespace, serviceAccount), namespace);
    return new Kubectl(this.access, file);
  }

  /** A token as a pod of that account would find it mounted. */
  async token(namespace: string, serviceAccount: string): Promise<string> {
    return (await this.ok(['create', 'token', serviceAccount, '-n', namespace, '--duration', '2h'])).trim();
  }
}
