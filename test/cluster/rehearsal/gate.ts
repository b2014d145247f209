import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { authorityFile, type Access } from '../access.js';

/** A change that a client asks for, as far as it tells one step from another. */
export interface Change {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** `let it pass`, `swallow` it before the API server has it, or let it happen and `cut` off the answer. */
export type Verdict = 'pass' | 'swallow' | 'cut';

export interface Gate {
  readonly address: string;
  close(): Promise<void>;
}

/** A proxy before the API server, on loopback, that asks about each change what is to become of it. */
export async function openGate(access: Access, judge: (change: Change) => Verdict): Promise<Gate> {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(authorityFile(access.folder), 'utf8') });
  const server = createServer((incoming, response) => {
    void forward(access, agent, judge, incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listener without a port');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      agent.destroy();
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
  return { address: `http://127.0.0.1:${address.port}`, close };
}

async function forward(
  access: Access,
  agent: Agent,
  judge: (change: Change) => Verdict,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const verdict = method === 'GET' ? 'pass' : judge({ method, path, body: body.toString() });
  if (verdict === 'swallow') {
    response.destroy();
    return;
  }
  const target = new URL(access.server + path);
  const outgoing = request(target, { method, agent, headers: { ...headers, host: target.host } }, (answer) => {
    if (verdict === 'cut') {
      answer.resume();
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  outgoing.once('error', () => response.destroy());
  outgoing.end(body);
}
