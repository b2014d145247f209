import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { authorityFile, kubeconfigOf, type Access } from '../access.js';

/** What becomes of one read of a log. `short` ends as if all were well. */
export type Fate = 'whole' | 'throttled' | 'failed' | 'cut' | 'short';

export interface Weather {
  /** The fate of the n-th read of a log, from 1. @default whole */
  readonly fate?: (n: number) => Fate;
  /** Told before a log is answered; it waits for this. */
  readonly beforeLog?: (pod: string, n: number) => Promise<void>;
}

/**
 * A double of a bad network: a proxy on loopback before the real API server, through which reads of logs fail, are cut or
 * are answered 429. Everything else passes as it is.
 */
export class BadNetwork {
  readonly fates: Record<Fate, number> = { whole: 0, throttled: 0, failed: 0, cut: 0, short: 0 };
  private reads = 0;
  private readonly server;
  private readonly agent: Agent;
  private constructor(
    private readonly access: Access,
    private readonly weather: Weather,
  ) {
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(authorityFile(access.folder)) });
    this.server = createServer((asked, answer) => void this.pass(asked, answer));
  }

  static async before(access: Access, weather: Weather): Promise<BadNetwork> {
    const network = new BadNetwork(access, weather);
    await new Promise<void>((resolve) => network.server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  /** A kubeconfig of the admin that leads through it. */
  get kubeconfig(): string {
    const { port } = this.server.address() as AddressInfo;
    const admin = JSON.parse(readFileSync(kubeconfigOf(this.access, 'admin'), 'utf8')) as Record<string, unknown>;
    const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
    const file = join(mkdtempSync(join(this.access.folder, 'network-')), 'kubeconfig');
    writeFileSync(file, JSON.stringify({ ...admin, clusters: [{ name: 'test', cluster }] }));
    return file;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.agent.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const pod = /\/pods\/([^/]+)\/log/.exec(asked.url ?? '')?.[1];
    if (pod === undefined) {
      this.forward(asked, answer, 'whole');
      return;
    }
    const n = (this.reads += 1);
    const fate = this.weather.fate?.(n) ?? 'whole';
    this.fates[fate] += 1;
    await this.weather.beforeLog?.(pod, n);
    if (fate === 'throttled') answer.writeHead(429, { 'retry-after': '0' }).end('{"message":"too many requests"}');
    else if (fate === 'failed') answer.writeHead(502).end('bad gateway');
    else this.forward(asked, answer, fate);
  }

  private forward(asked: IncomingMessage, answer: ServerResponse, fate: Fate): void {
    const { method, headers, url } = asked;
    const out = request(`${this.access.server}${url ?? ''}`, { method, headers, agent: this.agent }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      if (fate === 'whole') response.pipe(answer);
      else
        response.once('data', (chunk: Buffer) => {
          response.destroy();
          const half = chunk.subarray(0, chunk.length >> 1);
          if (fate === 'short') answer.end(half);
          else answer.write(half, () => answer.destroy());
        });
      // A watch ends with either of its ends.
      answer.once('close', () => response.destroy());
    });
    out.once('error', () => answer.destroy());
    asked.pipe(out);
  }
}
