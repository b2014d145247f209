/** The few REST calls of the conductor, on node:http alone. */
import http from 'node:http';
import https from 'node:https';
import type { Credentials } from './credentials.js';

/** A call that failed. `status` is 0 where there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** Kinds of PATCH. A server-side apply is sent as JSON, which is YAML. */
export const PATCH = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;
export type PatchKind = keyof typeof PATCH;

export type Query = Readonly<Record<string, string>>;

export interface Api {
  /** @throws ApiError */
  get<T>(path: string, query?: Query): Promise<T>;
  /** @throws ApiError; 409 where a resourceVersion or uid in the body is not the object's */
  patch<T>(path: string, kind: PatchKind, body: unknown, query?: Query): Promise<T>;
  /** @throws ApiError; 409 where the object is there already */
  post<T>(path: string, body: unknown): Promise<T>;
  /** The body as it comes. @throws ApiError, also in the midst of it */
  stream(path: string, query?: Query): AsyncIterable<Buffer>;
}

/** An answer must begin, and go on, within this time. */
const TIMEOUT_MS = 15_000;

export class HttpApi implements Api {
  private readonly agent: http.Agent;

  constructor(private readonly who: Credentials) {
    const options = { keepAlive: true, maxSockets: 4, ...(who.ca === undefined ? {} : { ca: who.ca }) };
    this.agent = who.address.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.json<T>('GET', path, query);
  }

  patch<T>(path: string, kind: PatchKind, body: unknown, query: Query = {}): Promise<T> {
    return this.json<T>('PATCH', path, query, body, PATCH[kind]);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.json<T>('POST', path, {}, body, 'application/json');
  }

  async *stream(path: string, query: Query = {}): AsyncIterable<Buffer> {
    const response = await this.send('GET', path, query);
    if (response.statusCode !== 200) throw await refusal(response, `GET ${path}`);
    try {
      for await (const chunk of response) yield chunk as Buffer;
    } catch (error) {
      throw new ApiError(0, 'Cut', `GET ${path}: ${(error as Error).message}`);
    }
  }

  /** Ends idle connections, so that the process can. */
  close(): void {
    this.agent.destroy();
  }

  private async json<T>(method: string, path: string, query: Query, body?: unknown, type?: string): Promise<T> {
    const response = await this.send(method, path, query, body, type);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await refusal(response, `${method} ${path}`);
    const text = await textOf(response, `${method} ${path}`);
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new ApiError(0, 'NotJson', `${method} ${path}: ${(error as Error).message}`);
    }
  }

  private send(
    method: string,
    path: string,
    query: Query,
    body?: unknown,
    type?: string,
  ): Promise<http.IncomingMessage> {
    const url = new URL(this.who.address + path);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const token = this.who.token();
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: 'application/json, */*',
      'user-agent': 'hps-bench-conductor',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(text)) }),
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        reject(new ApiError(0, 'Unreachable', `${method} ${path}: ${error.message}`));
      };
      const client = url.protocol === 'https:' ? https : http;
      const request = client.request(url, { method, headers, agent: this.agent, timeout: TIMEOUT_MS }, resolve);
      request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      request.on('error', fail);
      request.end(text);
    });
  }
}

async function textOf(response: http.IncomingMessage, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new ApiError(0, 'Cut', `${what}: ${(error as Error).message}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function refusal(response: http.IncomingMessage, what: string): Promise<ApiError> {
  const text = await textOf(response, what);
  const status = response.statusCode ?? 0;
  try {
    const said = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(status, said.reason ?? String(status), `${what}: ${status} ${said.message ?? ''}`.trim());
  } catch {
    return new ApiError(status, String(status), `${what}: ${status} ${text.slice(0, 200)}`.trim());
  }
}
