import type { Kubectl } from '../kubectl.js';
import { ARGOCD } from './argocd.js';

interface Resource {
  readonly kind: string;
  readonly name: string;
  readonly status?: string;
  readonly health?: { readonly status: string; readonly message?: string };
}

/** The fields of an Application that the tests look at. */
interface State {
  readonly status?: {
    readonly sync?: { readonly status: string; readonly revision?: string };
    readonly health?: { readonly status: string };
    readonly resources?: readonly Resource[];
    readonly operationState?: { readonly phase: string; readonly message?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly reconciledAt?: string;
  };
}

/** An Application of Argo CD, as its own users see it. */
export class Application {
  constructor(
    private readonly kubectl: Kubectl,
    readonly name: string,
  ) {}

  private state(): Promise<State> {
    return this.kubectl.get<State>('application', this.name, '-n', ARGOCD);
  }

  /** What the commit, the cluster and the objects' health come to, in a line; empty as long as there is no such Application. */
  async line(): Promise<string> {
    const { code } = await this.kubectl.run(['get', 'application', this.name, '-n', ARGOCD]);
    if (code !== 0) return '';
    const { status } = await this.state();
    return `${status?.sync?.status ?? '?'} ${status?.health?.status ?? '?'}`;
  }

  /** The commit that is in the cluster. */
  async revision(): Promise<string> {
    const { status } = await this.state();
    return status?.sync?.status === 'Synced' ? (status.sync.revision ?? '') : '';
  }

  /** Objects that are not as they should be, each with why. */
  async complaints(): Promise<string[]> {
    const { status } = await this.state();
    const resources = (status?.resources ?? []).flatMap(({ kind, name, status: sync, health }) => [
      ...(sync === 'Synced' ? [] : [`${kind}/${name} is ${sync ?? '?'}`]),
      ...(health === undefined || health.status === 'Healthy' || health.status === 'Progressing'
        ? []
        : [`${kind}/${name} is ${health.status}: ${health.message ?? ''}`]),
    ]);
    return [...resources, ...(status?.conditions ?? []).map(({ type, message }) => `${type}: ${message}`)];
  }

  /** Compares Git with the cluster at once, without what is cached; done when it has. */
  async refresh(): Promise<void> {
    const before = (await this.state()).status?.reconciledAt ?? '';
    const annotation = 'argocd.argoproj.io/refresh=hard';
    await this.kubectl.ok(['annotate', 'application', this.name, '-n', ARGOCD, annotation, '--overwrite']);
    for (;;) {
      // Its times have whole seconds.
      if (((await this.state()).status?.reconciledAt ?? '') > before) return;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /** Applies the commit again, as `argocd app sync` does; done when that has succeeded. @throws Error with why it has not */
  async sync(): Promise<void> {
    const operation = { operation: { initiatedBy: { username: 'test' }, sync: { syncStrategy: { apply: {} } } } };
    const patch = ['--type=merge', '-p', JSON.stringify(operation)];
    await this.kubectl.ok(['patch', 'application', this.name, '-n', ARGOCD, ...patch]);
    for (;;) {
      const state = await this.state();
      const { phase = '', message = '' } = state.status?.operationState ?? {};
      if (!('operation' in state) && phase === 'Succeeded') return;
      if (!('operation' in state) && phase !== 'Running' && phase !== '') throw new Error(`${phase}: ${message}`);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}
