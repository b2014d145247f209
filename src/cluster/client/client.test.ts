import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { Client } from './client.js';
import type { ClientOptions } from './config.js';
import { apiDouble } from './doubles.js';
import { ClusterError } from './errors.js';
import { PODS } from './resources.js';
import { retrying } from './retry.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function against(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: ClientOptions = {},
): Promise<{ client: Client; connections: () => number }> {
  const double = await apiDouble(answer);
  const client = Client.connect({ kubeconfig: double.kubeconfig, ...options });
  closing.push(double.close, () => client.close());
  return { client, connections: double.connections };
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

async function failure(call: Promise<unknown>): Promise<ClusterError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClusterError)) throw new Error(`no ClusterError but ${String(error)}`);
  return error;
}

it('lists page by page, in the namespace of the context, on one connection', async () => {
  const asked: string[] = [];
  const { client, connections } = await against((request, response) => {
    asked.push(request.url ?? '');
    const more = asked.length < 3;
    const metadata = { resourceVersion: '7', ...(more ? { continue: `page${asked.length}` } : { continue: '' }) };
    json(response, 200, { items: [{ metadata: { name: `p${asked.length}` } }], metadata });
  });
  const { items, resourceVersion } = await client.list(PODS, { labelSelector: 'a=b' });
  expect(items.map((item) => item.metadata.name)).toEqual(['p1', 'p2', 'p3']);
  expect(resourceVersion).toBe('7');
  expect(asked).toEqual([
    '/api/v1/namespaces/there/pods?labelSelector=a%3Db&limit=500',
    '/api/v1/namespaces/there/pods?labelSelector=a%3Db&limit=500&continue=page1',
    '/api/v1/namespaces/there/pods?labelSelector=a%3Db&limit=500&continue=page2',
  ]);
  expect(connections()).toBe(1);
});

it('sends who it acts as', async () => {
  let headers: string[] = [];
  const { client } = await against(
    (request, response) => {
      headers = request.rawHeaders;
      json(response, 200, { gitVersion: 'v1.36.3' });
    },
    { as: 'alice', asGroups: ['a', 'b'] },
  );
  expect(await client.version()).toBe('v1.36.3');
  const pairs = headers.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${headers[i + 1] ?? ''}`] : []));
  expect(pairs).toEqual(
    expect.arrayContaining(['Impersonate-User: alice', 'Impersonate-Group: a', 'Impersonate-Group: b']),
  );
});

it('says of a refusal what was asked, where, what the server said, and which right to ask for', async () => {
  const { client } = await against((_, response) => {
    json(response, 403, { message: 'pods is forbidden: User "x" cannot list resource "pods"' });
  });
  const error = await failure(client.list(PODS));
  expect(error.kind).toBe('forbidden');
  expect(error.message).toMatch(/^list pods in namespace there: 403 pods is forbidden.*\(context double, http/);
  expect(error.message).toContain('`kubectl --context double auth can-i list pods -n there` shows it');
});

it('says of a server that is not there that it cannot be reached, and that this may pass', async () => {
  const double = await apiDouble(() => undefined);
  const client = Client.connect({ kubeconfig: double.kubeconfig });
  await double.close();
  const error = await failure(client.version());
  expect(error).toMatchObject({ kind: 'unreachable', passing: true });
  expect(error.message).toContain('ECONNREFUSED');
  expect(error.message).toContain('context double');
});

it('gives a watch its events, and a version that is too old as gone', async () => {
  const { client } = await against((_, response) => {
    response.write(`${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'a' } } })}\n{"type":"ERR`);
    setTimeout(() => {
      response.end('OR","object":{"code":410,"reason":"Expired","message":"too old resource version"}}\n');
    }, 20);
  });
  const seen: string[] = [];
  const error = await failure(
    (async () => {
      for await (const event of client.watch(PODS, { resourceVersion: '1' })) seen.push(event.object.metadata.name);
    })(),
  );
  expect(seen).toEqual(['a']);
  expect(error.kind).toBe('gone');
});

it('says of a log that broke off that it was cut, and of one that stands still', async () => {
  const { client } = await against(
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      if (request.url?.includes('/cut/') === true) setTimeout(() => response.destroy(), 20);
    },
    { timeoutSeconds: 0.2 },
  );
  for (const pod of ['cut', 'still']) {
    let text = '';
    const error = await failure(
      (async () => {
        for await (const chunk of await client.log(pod)) text += chunk.toString();
      })(),
    );
    expect(text).toBe('half');
    expect(error, pod).toMatchObject({ kind: 'cut', passing: true });
  }
});

it('comes back when a throttled server said it may, and no sooner', async () => {
  let calls = 0;
  const { client } = await against((_, response) => {
    calls += 1;
    if (calls < 3) json(response, 429, { message: 'too many requests' }, { 'retry-after': '0' });
    else json(response, 200, { gitVersion: 'v1' });
  });
  const pauses: (number | undefined)[] = [];
  const onRetry = (error: ClusterError): void => {
    pauses.push(error.retryAfterMs);
  };
  expect(await retrying(() => client.version(), { firstMs: 1, onRetry })).toBe('v1');
  expect(pauses).toEqual([0, 0]);
});

it('does not ask again for what cannot pass', async () => {
  let calls = 0;
  const { client } = await against((_, response) => {
    calls += 1;
    json(response, 401, { message: 'Unauthorized' });
  });
  expect(await failure(retrying(() => client.version()))).toMatchObject({ kind: 'unauthorized', passing: false });
  expect(calls).toBe(1);
});
