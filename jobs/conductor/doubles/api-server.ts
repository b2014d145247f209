/**
 * Test double of the API server, in memory: just the requests of the conductor, with the answers that a real one gives to
 * them (conflicts, preconditions, server-side apply, RBAC as written in permissions.ts).
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, PATCH, type Api, type PatchKind, type Query } from '../api.js';
import type { Lease, Pod } from '../objects.js';
import type { PermissionRule } from '../permissions.js';
import type { StoredMap, Workload } from './workload.js';

type Document = Record<string, unknown>;
interface Call {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly path: string;
  readonly query: Query;
  readonly kind?: PatchKind;
  readonly body?: Document;
}

export class ApiServerDouble implements Api {
  readonly configMaps = new Map<string, StoredMap>();
  readonly leases = new Map<string, { object: Lease; manager: string }>();
  readonly events = new Map<string, Document & { reason: string; message: string; type: string }>();
  /** Calls that changed something, in words. */
  readonly changes: string[] = [];
  /** Annotations of the conductor's Job. */
  readonly annotations: Record<string, string> = {};
  /** When set, calls are refused with it. */
  broken: ApiError | undefined;

  constructor(
    readonly workload: Workload,
    private readonly namespace: string,
    private readonly rules: readonly PermissionRule[],
  ) {}

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.answer({ method: 'GET', path, query });
  }

  patch<T>(path: string, kind: PatchKind, body: unknown, query: Query = {}): Promise<T> {
    return this.answer({ method: 'PATCH', path, query, kind, body: body as Document });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.answer({ method: 'POST', path, query: {}, body: body as Document });
  }

  async *stream(path: string, query: Query = {}): AsyncIterable<Buffer> {
    const text = await this.answer<string>({ method: 'GET', path, query });
    // In odd pieces, as a network gives it.
    for (let at = 0; at < text.length; at += 1000) yield Buffer.from(text.slice(at, at + 1000));
  }

  private answer<T>(call: Call): Promise<T> {
    try {
      if (this.broken) throw this.broken;
      // What goes over a wire is a copy.
      return Promise.resolve(JSON.parse(JSON.stringify(this.handle(call))) as T);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private handle(call: Call): unknown {
    const match = /^(?:\/api\/v1|\/apis\/([^/]+)\/v1)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
      call.path,
    );
    const [, group = '', namespace, kind = '', name = '', sub] = match ?? [];
    if (match === null || namespace !== this.namespace) throw refusal(404, 'NotFound', `no such path ${call.path}`);
    const resource = sub === undefined ? kind : `${kind}/${sub}`;
    this.authorize(call, group, resource, name);
    const answer = this.route(call, resource, name);
    if (answer === undefined) throw refusal(404, 'NotFound', `${resource} "${name}" not found`);
    return answer;
  }

  /** As the RBAC authorizer: verb, group, resource and name must be in one rule. */
  private authorize(call: Call, group: string, resource: string, name: string): void {
    const verb = call.method === 'PATCH' ? 'patch' : call.method === 'POST' ? 'create' : name === '' ? 'list' : 'get';
    const making = call.kind === 'apply' && !this.configMaps.has(name) && !this.leases.has(name);
    for (const needed of making ? [verb, 'create'] : [verb]) {
      const allowed = this.rules.some(
        (rule) =>
          rule.apiGroups.includes(group) &&
          rule.resources.includes(resource) &&
          rule.verbs.includes(needed) &&
          (rule.resourceNames?.includes(name) ?? true),
      );
      if (!allowed) throw refusal(403, 'Forbidden', `cannot ${needed} ${resource} ${name} in API group "${group}"`);
    }
  }

  private route(call: Call, resource: string, name: string): unknown {
    if (call.method === 'PATCH') return this.patchOf(call, resource, name);
    const { workload } = this;
    switch (resource) {
      case 'jobs':
        return workload.jobs.get(name)?.object;
      case 'pods':
        return this.listPods(call.query['labelSelector'] ?? '');
      case 'pods/log':
        return this.log(name, call.query);
      case 'deployments/scale':
        return workload.scale;
      case 'configmaps':
        return this.configMaps.get(name);
      case 'leases':
        return this.leases.get(name)?.object;
      case 'events':
        return this.makeEvent(call);
      default:
        return undefined;
    }
  }

  private patchOf(call: Call, resource: string, name: string): unknown {
    switch (resource) {
      case 'jobs':
        return this.patchJob(name, call);
      case 'pods':
        return this.patchPod(name, call);
      case 'deployments/scale':
        return this.patchScale(call);
      case 'configmaps':
        return this.applyMap(name, call);
      case 'leases':
        return this.patchLease(name, call);
      default:
        return undefined;
    }
  }

  private listPods(selector: string): { items: Pod[] } {
    const [key = '', value] = selector.split('=');
    const pods = [...this.workload.pods.values()].map((pod) => pod.object);
    return { items: pods.filter((pod) => pod.metadata.labels[key] === value) };
  }

  private log(name: string, query: Query): string | undefined {
    const text = this.workload.log(name);
    if (text === undefined || query['previous'] === 'true') throw refusal(400, 'BadRequest', 'no such log');
    const lines = Number(query['tailLines'] ?? Infinity);
    return Number.isFinite(lines)
      ? text
          .split('\n')
          .slice(-lines - 1)
          .join('\n')
      : text;
  }

  private patchPod(name: string, { body, kind }: Call): Pod | undefined {
    if (kind !== 'strategic') throw refusal(415, 'UnsupportedMediaType', 'pods are patched strategically');
    const pod = this.workload.pods.get(name);
    if (pod === undefined) return undefined;
    const { metadata, spec } = body as unknown as {
      metadata: { uid: string };
      spec: { schedulingGates?: { name: string; $patch: string }[]; activeDeadlineSeconds?: number };
    };
    if (metadata.uid !== pod.object.metadata.uid) throw refusal(409, 'Conflict', 'the UID in the precondition differs');
    const gone = new Set(
      (spec.schedulingGates ?? []).filter((gate) => gate.$patch === 'delete').map((gate) => gate.name),
    );
    const gates = (pod.object.spec?.schedulingGates ?? []).filter((gate) => !gone.has(gate.name));
    const deadline =
      spec.activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds: spec.activeDeadlineSeconds };
    pod.object = { ...pod.object, spec: { ...pod.object.spec, schedulingGates: gates, ...deadline } };
    this.changes.push(`pod ${name} ${spec.schedulingGates ? 'ungated' : 'stopped'}`);
    return pod.object;
  }

  private patchJob(name: string, { body, kind }: Call): unknown {
    if (kind !== 'merge') throw refusal(415, 'UnsupportedMediaType', 'jobs are patched by merging');
    const { metadata } = body as unknown as { metadata: { annotations: Record<string, string> } };
    Object.assign(this.annotations, metadata.annotations);
    this.changes.push(`annotate ${name}`);
    return this.workload.jobs.get(name)?.object;
  }

  private patchScale({ body }: Call): unknown {
    const { deployment } = this.workload;
    if (deployment === undefined) return undefined;
    const { metadata, spec } = body as unknown as {
      metadata: { resourceVersion?: string };
      spec: { replicas: number };
    };
    this.checkVersion(metadata.resourceVersion, String(deployment.version));
    deployment.replicas = spec.replicas;
    deployment.version = this.workload.version();
    this.changes.push(`scale ${spec.replicas}`);
    return this.workload.scale;
  }

  private applyMap(name: string, { body, kind }: Call): StoredMap {
    if (kind !== 'apply') throw refusal(415, 'UnsupportedMediaType', 'config maps are applied');
    const next = body as unknown as StoredMap;
    this.checkVersion(next.metadata.resourceVersion, this.configMaps.get(name)?.metadata.resourceVersion);
    const bytes = [...Object.values(next.data ?? {}), ...Object.values(next.binaryData ?? {})].join('').length;
    if (bytes > 1024 * 1024) throw refusal(422, 'Invalid', `ConfigMap is too long: ${bytes}`);
    const metadata = { ...next.metadata, name, resourceVersion: String(this.workload.version()) };
    const stored = { ...next, metadata };
    this.configMaps.set(name, stored);
    this.changes.push(`configmap ${metadata.labels?.['hps-bench/state'] ?? ''}`);
    return stored;
  }

  private patchLease(name: string, { body, kind, query }: Call): Lease | undefined {
    const there = this.leases.get(name);
    const next = body as unknown as Lease;
    if (kind === 'apply') {
      const manager = query['fieldManager'] ?? '';
      if (there && there.manager !== manager) throw refusal(409, 'Conflict', `conflict with "${there.manager}"`);
      const object = { ...next, metadata: { ...next.metadata, resourceVersion: String(this.workload.version()) } };
      this.leases.set(name, { object, manager });
      this.changes.push(`lease ${name} made`);
      return object;
    }
    if (there === undefined) return undefined;
    this.checkVersion(next.metadata.resourceVersion, there.object.metadata.resourceVersion);
    const metadata = { ...there.object.metadata, resourceVersion: String(this.workload.version()) };
    there.object = { metadata, spec: { ...there.object.spec, ...next.spec } };
    this.changes.push(`lease ${name} held by ${there.object.spec?.holderIdentity ?? ''}`);
    return there.object;
  }

  private makeEvent({ body }: Call): Document {
    const event = body as Document & { metadata: { name: string }; reason: string; message: string; type: string };
    const { name } = event.metadata;
    if (this.events.has(name)) throw refusal(409, 'AlreadyExists', `events "${name}" already exists`);
    this.events.set(name, event);
    return event;
  }

  private checkVersion(wanted: string | undefined, is: string | undefined): void {
    if (wanted !== undefined && wanted !== is) throw refusal(409, 'Conflict', 'the object has been modified');
  }
}

function refusal(status: number, reason: string, message: string): ApiError {
  return new ApiError(status, reason, message);
}

/** Puts the double behind a listener on loopback, with Triton's ready endpoint beside it. */
export async function listen(
  double: ApiServerDouble,
  ready: (model: string) => boolean,
): Promise<{ address: string; close: () => Promise<void> }> {
  const server = http.createServer((request, response) => {
    void serve(double, ready, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
  return { address: `http://127.0.0.1:${port}`, close };
}

async function serve(
  double: ApiServerDouble,
  ready: (model: string) => boolean,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback');
  const model = /^\/v2\/models\/([^/]+)\/ready$/.exec(url.pathname)?.[1];
  if (model !== undefined) {
    response.writeHead(ready(decodeURIComponent(model)) ? 200 : 400).end();
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const query = Object.fromEntries(url.searchParams);
  try {
    const kinds = Object.entries(PATCH) as [PatchKind, string][];
    const kind = kinds.find(([, type]) => type === request.headers['content-type'])?.[0] ?? 'merge';
    if (url.pathname.endsWith('/log')) {
      for await (const chunk of double.stream(url.pathname, query)) response.write(chunk);
      response.end();
      return;
    }
    const answer =
      request.method === 'PATCH'
        ? await double.patch<unknown>(url.pathname, kind, body, query)
        : request.method === 'POST'
          ? await double.post<unknown>(url.pathname, body)
          : await double.get<unknown>(url.pathname, query);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  } catch (error) {
    const { status, reason, message } = error as ApiError;
    response.writeHead(status || 500).end(JSON.stringify({ kind: 'Status', reason, message }));
  }
}
