import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpApi } from './api.js';
import { credentials, CredentialsError } from './credentials.js';
import { isReady, notReady } from './triton.js';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: http.IncomingHttpHeaders;
  body: string;
}

let folder: string;
let server: http.Server;
let address: string;
let answer: (response: http.ServerResponse) => void;
const seen: Seen[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'conductor-api-'));
  seen.length = 0;
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function api(): HttpApi {
  writeFileSync(join(folder, 'token'), 'first\n');
  return new HttpApi(credentials({ HPS_BENCH_API: address, HPS_BENCH_TOKEN_FILE: join(folder, 'token') }));
}

describe('HttpApi', () => {
  it('sends the token that lies in the file at that moment', async () => {
    answer = (response) => response.end('{}');
    const client = api();
    await client.get('/api/v1/namespaces/n/pods', { labelSelector: 'a=b' });
    writeFileSync(join(folder, 'token'), 'second\n');
    await client.patch('/x', 'apply', { a: 1 }, { force: 'true' });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/v1/namespaces/n/pods?labelSelector=a%3Db' });
    expect(seen[1]).toMatchObject({ method: 'PATCH', url: '/x?force=true', body: '{"a":1}' });
    expect(seen[1]?.headers['content-type']).toBe('application/apply-patch+yaml');
    client.close();
  });

  it('says what the API server says when it refuses', async () => {
    answer = (response) =>
      response.writeHead(409).end('{"kind":"Status","reason":"Conflict","message":"was modified"}');
    await expect(api().get('/x')).rejects.toMatchObject({
      status: 409,
      reason: 'Conflict',
      message: 'GET /x: 409 was modified',
    });
  });

  it('takes an answer that is no JSON, or none at all, for an error of the moment', async () => {
    answer = (response) => response.end('<html>');
    await expect(api().get('/x')).rejects.toMatchObject({ status: 0, reason: 'NotJson' });
    answer = (response) => response.destroy();
    await expect(api().get('/x')).rejects.toMatchObject({ status: 0, reason: 'Unreachable' });
  });

  it('gives a log as it comes, and says when it broke off', async () => {
    answer = (response) => response.end('a\nb\n');
    const chunks: Buffer[] = [];
    for await (const chunk of api().stream('/log', { tailLines: '2' })) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('a\nb\n');
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('a');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(async () => {
      for await (const chunk of api().stream('/log')) chunks.push(chunk);
    }).rejects.toMatchObject({ reason: 'Cut' });
  });
});

describe('credentials', () => {
  it('are those of the pod', () => {
    writeFileSync(join(folder, 'ca.crt'), 'PEM');
    const env = {
      KUBERNETES_SERVICE_HOST: 'fd00::1',
      KUBERNETES_SERVICE_PORT: '6443',
      HPS_BENCH_CA_FILE: join(folder, 'ca.crt'),
    };
    expect(credentials(env)).toMatchObject({ address: 'https://[fd00::1]:6443', ca: 'PEM' });
  });

  it('are missing outside of one, and where the token is not mounted', () => {
    expect(() => credentials({})).toThrow(CredentialsError);
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HPS_BENCH_CA_FILE: join(folder, 'none') };
    expect(() => credentials(env)).toThrow(/none: cannot be read as the CA .*automountServiceAccountToken/);
  });
});

describe('readiness', () => {
  it("is Triton's 200 on the model, and nothing else", async () => {
    answer = (response) => response.writeHead(seen.at(-1)?.url === '/v2/models/a/ready' ? 200 : 400).end();
    expect(await isReady(address, 'a')).toBe(true);
    expect(await isReady(address, 'b')).toBe(false);
    expect(await isReady('http://127.0.0.1:1', 'a')).toBe(false);
    expect(await notReady(isReady, address, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  });
});
