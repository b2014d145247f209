import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError, noAnswer, refusal, type Asked, type Place } from './errors.js';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** From `/api` or `/apis` on, without the query. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** @default application/json */
  readonly contentType?: string;
  readonly asked: Asked;
  /** How long the answer may take to begin, or pause, in ms. @default the transport's */
  readonly idleMs?: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** Let the server compress: for answers of megabytes. */
  readonly compressed?: boolean;
}

export interface Impersonation {
  readonly as?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
}

/** Tokens of exec plug-ins and mounted files are renewed before they expire; they are asked for again this often. */
const CREDENTIALS_MS = 20_000;

interface Connection {
  readonly agent: http.Agent;
  readonly headers: http.OutgoingHttpHeaders;
  readonly auth: string | undefined;
  readonly madeAt: number;
  /** What the agent's connections are authenticated with. */
  readonly identity: string;
}

/**
 * HTTP calls as a kubeconfig's context has them: client-node gives TLS, credentials and proxy; the connections are kept
 * and used again, because a collection makes thousands of calls (client-node makes a new one for each).
 */
export class Transport {
  private connection: Promise<Connection> | undefined;

  constructor(
    private readonly config: KubeConfig,
    readonly place: Place,
    private readonly who: Impersonation,
    private readonly idleMs: number,
    private readonly sockets: number,
  ) {}

  /** The answer once its head is there. @throws ClusterError for everything but a success */
  async send(call: Call): Promise<http.IncomingMessage> {
    const answer = await this.once(call);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const text = await textOf(answer, call, this.place);
    throw refusal(status, text, call.asked, this.place, answer.headers['retry-after']);
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (connection !== undefined) (await connection.catch(() => undefined))?.agent.destroy();
  }

  /** A kept connection may have been ended by the other side just then: reading is asked again, once. */
  private async once(call: Call): Promise<http.IncomingMessage> {
    try {
      return await this.request(call);
    } catch (error) {
      if (!(error instanceof StaleConnection) || call.method !== 'GET') throw asClusterError(error);
      return await this.request(call).catch((again: unknown) => {
        throw asClusterError(again);
      });
    }
  }

  private async request(call: Call): Promise<http.IncomingMessage> {
    const connection = await this.connected();
    const url = new URL(this.place.server + call.path);
    for (const [key, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value));
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const headers: http.OutgoingHttpHeaders = {
      ...connection.headers,
      accept: 'application/json, */*',
      'user-agent': 'hps-bench',
      ...(call.compressed === true ? { 'accept-encoding': 'gzip' } : {}),
      ...(this.who.as === undefined ? {} : { 'Impersonate-User': this.who.as }),
      ...(this.who.asGroups === undefined || this.who.asGroups.length === 0
        ? {}
        : { 'Impersonate-Group': [...this.who.asGroups] }),
      ...(body === undefined
        ? {}
        : { 'content-type': call.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const idleMs = call.idleMs ?? this.idleMs;
    const { agent, auth } = connection;
    const options = {
      ...{ method: call.method, headers, agent, timeout: idleMs },
      ...(auth === undefined ? {} : { auth }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    };
    return new Promise((resolve, reject) => {
      const client = url.protocol === 'https:' ? https : http;
      const request = client.request(url, options, resolve);
      request.on('timeout', () => request.destroy(new Error(`no answer within ${idleMs / 1000} s`)));
      request.on('error', (error: NodeJS.ErrnoException) => {
        const told = noAnswer(error, call.asked, this.place, false);
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection(told) : told);
      });
      request.end(body);
    });
  }

  private async connected(): Promise<Connection> {
    const before = await this.connection?.catch(() => undefined);
    if (before !== undefined && Date.now() - before.madeAt < CREDENTIALS_MS) return before;
    // Calls that come meanwhile wait for the same one.
    this.connection = this.connect(before);
    return this.connection;
  }

  private async connect(before: Connection | undefined): Promise<Connection> {
    const options: https.RequestOptions = { headers: {} };
    try {
      await this.config.applyToHTTPSOptions(options);
    } catch (error) {
      const { context } = this.place;
      throw new ClusterError('config', `credentials of context ${context}: ${(error as Error).message}`);
    }
    const { agent, headers, auth } = options;
    const identity = [options.ca, options.cert, options.key].map(String).join('\n');
    const known = before?.identity === identity ? before.agent : keeping(agent as http.Agent, this.sockets);
    if (before !== undefined && known !== before.agent) before.agent.destroy();
    return {
      ...{ agent: known, headers: headers as http.OutgoingHttpHeaders, auth: auth ?? undefined },
      ...{ madeAt: Date.now(), identity },
    };
  }
}

/** client-node makes agents (a proxy's among them) that close each connection after one call. */
function keeping(agent: http.Agent, sockets: number): http.Agent {
  return Object.assign(agent, { keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets });
}

/** The other side had ended a kept connection before it read the call. */
class StaleConnection extends Error {
  constructor(readonly told: ClusterError) {
    super(told.message);
  }
}

const asClusterError = (error: unknown): unknown => (error instanceof StaleConnection ? error.told : error);

/** The whole body. @throws ClusterError of kind `cut` */
export async function textOf(answer: AsyncIterable<unknown>, call: Call, place: Place): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
  } catch (error) {
    throw noAnswer(error as Error, call.asked, place, true);
  }
  return Buffer.concat(chunks).toString('utf8');
}
