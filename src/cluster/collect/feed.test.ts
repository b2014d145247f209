import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { apiDouble } from '../client/doubles.js';
import { Client, PODS, type KubernetesObject } from '../client/index.js';
import { feed, type Change } from './feed.js';

const pod = (name: string): KubernetesObject => ({ metadata: { name, uid: name, resourceVersion: '5' } });

async function changesOf(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  until: number,
): Promise<Change<KubernetesObject>[]> {
  const double = await apiDouble(answer);
  const client = Client.connect({ kubeconfig: double.kubeconfig });
  const stop = new AbortController();
  const seen: Change<KubernetesObject>[] = [];
  const options = { labelSelector: 'a=b', keep: (one: KubernetesObject) => one, once: false, signal: stop.signal };
  try {
    for await (const change of feed(client, PODS, options)) {
      seen.push(change);
      if (seen.length === until) stop.abort();
    }
  } finally {
    await client.close();
    await double.close();
  }
  return seen;
}

const list = (response: ServerResponse, names: string[], next = ''): void => {
  response.end(JSON.stringify({ items: names.map(pod), metadata: { resourceVersion: '5', continue: next } }));
};

it('begins a list anew that expired between two pages, and only then says what is there', async () => {
  let pages = 0;
  const seen = await changesOf((request, response) => {
    pages += 1;
    if (request.url?.includes('continue=') === true && pages === 2)
      response.writeHead(410).end('{"message":"The provided continue parameter is too old","reason":"Expired"}');
    else list(response, [`p${pages}`], pages === 1 || pages === 3 ? 'next' : '');
  }, 4);
  expect(seen.map((change) => change.kind)).toEqual(['page', 'page', 'page', 'listed']);
  expect(seen.at(-1)).toMatchObject({ uids: new Set(['p3', 'p4']) });
});

it('lists again where the watch is refused as gone, and where it breaks off', async () => {
  let [lists, watches] = [0, 0];
  const seen = await changesOf((request, response) => {
    if (request.url?.includes('watch=true') !== true) {
      lists += 1;
      list(response, [`p${lists}`]);
      return;
    }
    watches += 1;
    if (watches === 1) response.end('{"type":"ERROR","object":{"code":410,"reason":"Expired"}}\n');
    else {
      response.write(`${JSON.stringify({ type: 'ADDED', object: pod('new') })}\n`);
      setTimeout(() => response.destroy(), 10);
    }
  }, 7);
  expect(seen.map((change) => change.kind)).toEqual([
    ...['page', 'listed', 'page', 'listed', 'changed', 'page', 'listed'],
  ]);
});
