import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { loadTarget, type ClientOptions } from './config.js';
import { ClusterError, noAnswer } from './errors.js';
import { pathOf, PODS, resourceOf, type Resource } from './resources.js';
import { textOf, Transport, type Call, type Query } from './transport.js';
import { retrying, type RetryOptions } from './retry.js';
import { watchEvents, type WatchEvent } from './watch.js';

/** Owner of the fields that the command line writes. */
export const FIELD_MANAGER = 'hps-bench';

/** Fields that every object has. Times are ISO 8601 texts, as the API sends them. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export interface ListOptions {
  /** @default the client's */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects a page. @default 500 */
  readonly limit?: number;
  /** Each page is asked for again like this. @default once */
  readonly retry?: RetryOptions;
  readonly signal?: AbortSignal | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where a watch that misses nothing begins; the same on every page of a list. */
  readonly resourceVersion: string;
}

export interface LogOptions {
  readonly namespace?: string;
  readonly container?: string;
  /** The container's last instance but one. */
  readonly previous?: boolean;
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly sinceTime?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface DeleteOptions {
  readonly namespace?: string;
  /** Refused (409) if the object of that name is another one. */
  readonly uid?: string | undefined;
  /** @default Background */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly graceSeconds?: number;
}

/**
 * A cluster as a kubeconfig's context has it. Objects are sent and received as they are: client-node's typed calls would
 * drop every field that its release does not know. Every method throws ClusterError, and may be called many times at once.
 */
export class Client {
  private constructor(
    private readonly transport: Transport,
    readonly context: string,
    readonly server: string,
    /** Of every call that names no other. */
    readonly namespace: string,
  ) {}

  /** Asks nothing of the cluster yet. @throws ClusterError of kind `config` */
  static connect(options: ClientOptions = {}): Client {
    const { config, context, server, namespace } = loadTarget(options);
    const { as, asGroups, timeoutSeconds = 30, connections = 64 } = options;
    const place = { context, server };
    const transport = new Transport(config, place, { as, asGroups }, timeoutSeconds * 1000, connections);
    return new Client(transport, context, server, namespace);
  }

  /** The object, or undefined where there is none of that name. */
  async get<T = KubernetesObject>(resource: Resource, name: string, namespace?: string): Promise<T | undefined> {
    return orMissing(this.json<T>(this.call('GET', resource, 'get', { name, namespace })));
  }

  /** Every object, page by page, so that memory holds one page. A list that takes too long for the server is `gone`. */
  async *pages<T = KubernetesObject>(resource: Resource, options: ListOptions = {}): AsyncGenerator<Page<T>> {
    const { namespace, labelSelector, fieldSelector, limit = 500, signal, retry = { attempts: 1 } } = options;
    let next: string | undefined;
    do {
      const query = { labelSelector, fieldSelector, limit, continue: next };
      const call = this.call('GET', resource, 'list', { namespace }, query);
      const page = await retrying(() => this.json<List<T>>({ ...call, signal, compressed: true }), retry);
      next = page.metadata.continue === '' ? undefined : page.metadata.continue;
      yield { items: page.items, resourceVersion: page.metadata.resourceVersion };
    } while (next !== undefined);
  }

  /** All pages in one. */
  async list<T = KubernetesObject>(resource: Resource, options: ListOptions = {}): Promise<Page<T>> {
    const items: T[] = [];
    let resourceVersion = '';
    for await (const page of this.pages<T>(resource, options)) {
      for (const item of page.items) items.push(item);
      ({ resourceVersion } = page);
    }
    return { items, resourceVersion };
  }

  /**
   * What changes after that version, until the server ends the watch (after `seconds`) or `signal` does: call again with
   * the last event's version. @throws ClusterError `gone` where the version is too old (list again), `cut` where it broke off
   */
  async *watch<T extends KubernetesObject = KubernetesObject>(
    resource: Resource,
    options: ListOptions & { readonly resourceVersion: string; readonly seconds?: number },
  ): AsyncGenerator<WatchEvent<T>> {
    const { namespace, labelSelector, fieldSelector, resourceVersion, seconds = 240, signal } = options;
    const selection = { labelSelector, fieldSelector, resourceVersion };
    const query = { ...selection, watch: true, allowWatchBookmarks: true, timeoutSeconds: seconds };
    const call = this.call('GET', resource, 'watch', { namespace }, query);
    // A connection that died silently shows only by this: the server ends each watch in time.
    const answer = await this.transport.send({ ...call, signal, idleMs: (seconds + 30) * 1000 });
    yield* watchEvents<T>(answer, call.asked, this.transport.place);
  }

  /** A container's log as it comes. It is begun when this resolves. */
  async log(pod: string, options: LogOptions = {}): Promise<AsyncIterable<Buffer>> {
    const { namespace = this.namespace, container, previous, follow, tailLines, sinceTime, signal } = options;
    const call: Call = {
      ...{ method: 'GET', path: pathOf(PODS, namespace, pod, 'log'), signal },
      query: { container, previous, follow, tailLines, sinceTime },
      asked: { verb: 'get', resource: 'pods/log', namespace, name: pod },
      ...(follow === true ? { idleMs: 24 * 3600 * 1000 } : {}),
    };
    return this.chunks(await this.transport.send(call), call);
  }

  /**
   * Server-side apply with the kit's field manager. @throws ClusterError `conflict` where another manager owns a field
   * @param options force: take such fields over; dryRun: only check
   */
  apply<T extends KubernetesObject>(object: T, options: { force?: boolean; dryRun?: boolean } = {}): Promise<T> {
    const resource = resourceOf(object);
    const { name, namespace } = object.metadata;
    const query = { fieldManager: FIELD_MANAGER, force: options.force, dryRun: dryRun(options.dryRun) };
    const call = this.call('PATCH', resource, 'patch', { name, namespace }, query);
    return this.json<T>({ ...call, body: object, contentType: 'application/apply-patch+yaml' });
  }

  /** @throws ClusterError `conflict` where there is one of that name */
  create<T extends KubernetesObject>(object: T, options: { dryRun?: boolean } = {}): Promise<T> {
    const { namespace } = object.metadata;
    const query = { fieldManager: FIELD_MANAGER, dryRun: dryRun(options.dryRun) };
    return this.json<T>({ ...this.call('POST', resourceOf(object), 'create', { namespace }, query), body: object });
  }

  /** A merge patch of an object that is there; undefined where it is not. */
  patch<T = KubernetesObject>(
    resource: Resource,
    name: string,
    body: unknown,
    namespace?: string,
  ): Promise<T | undefined> {
    const call = this.call('PATCH', resource, 'patch', { name, namespace }, { fieldManager: FIELD_MANAGER });
    return orMissing(this.json<T>({ ...call, body, contentType: 'application/merge-patch+json' }));
  }

  /** @returns whether it was there */
  async delete(resource: Resource, name: string, options: DeleteOptions = {}): Promise<boolean> {
    const { namespace, uid, propagation = 'Background', graceSeconds } = options;
    const body = {
      ...{ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: propagation },
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    };
    const call = this.call('DELETE', resource, 'delete', { name, namespace });
    return (await orMissing(this.json<unknown>({ ...call, body }))) !== undefined;
  }

  /** Whether this user may do that: a question, not an attempt. */
  async mayI(
    verb: string,
    resource: Resource,
    options: { namespace?: string; subresource?: string } = {},
  ): Promise<boolean> {
    const { namespace = this.namespace, subresource } = options;
    const [group = ''] = resource.apiVersion.includes('/') ? resource.apiVersion.split('/') : [''];
    const attributes = { verb, group, resource: resource.plural, subresource, namespace };
    const answer = await this.json<{ status?: { allowed?: boolean } }>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' },
        spec: { resourceAttributes: attributes },
      },
      asked: { verb: 'create', resource: 'selfsubjectaccessreviews' },
    });
    return answer.status?.allowed === true;
  }

  /** Kubernetes' version, such as `v1.31.2`. The cheapest proof that a cluster answers. */
  async version(): Promise<string> {
    const asked = { verb: 'get', resource: 'version' };
    return (await this.json<{ gitVersion: string }>({ method: 'GET', path: '/version', asked })).gitVersion;
  }

  /** Ends the connections, so that the process can end. */
  close(): Promise<void> {
    return this.transport.close();
  }

  private call(
    method: Call['method'],
    resource: Resource,
    verb: string,
    at: { readonly name?: string | undefined; readonly namespace?: string | undefined },
    query: Query = {},
  ): Call {
    const namespace = at.namespace ?? this.namespace;
    const path = pathOf(resource, namespace, method === 'POST' ? undefined : at.name);
    const scope = resource.namespaced ? { namespace } : {};
    return { method, path, query, asked: { verb, resource: resource.plural, name: at.name, ...scope } };
  }

  private async json<T>(call: Call): Promise<T> {
    const answer = await this.transport.send(call);
    const text = await textOf(plain(answer), call, this.transport.place);
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw noAnswer(error as Error, call.asked, this.transport.place, true);
    }
  }

  private async *chunks(answer: IncomingMessage, call: Call): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of answer) yield chunk as Buffer;
    } catch (error) {
      throw noAnswer(error as Error, call.asked, this.transport.place, true);
    }
  }
}

interface List<T> {
  readonly items: readonly T[];
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

const dryRun = (wanted: boolean | undefined): string | undefined => (wanted === true ? 'All' : undefined);

function plain(answer: IncomingMessage): AsyncIterable<unknown> {
  if (answer.headers['content-encoding'] !== 'gzip') return answer;
  const gunzip = createGunzip();
  answer.on('error', (error) => gunzip.destroy(error));
  return answer.pipe(gunzip);
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
