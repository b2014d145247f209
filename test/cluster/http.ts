import { createServer } from 'node:net';
import { request } from 'node:https';

/** Ports of 127.0.0.1 that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      await new Promise((resolve) => server.close(resolve));
      if (address === null || typeof address === 'string') throw new Error('a listener without a port');
      return address.port;
    }),
  );
}

/**
 * The status of a GET over TLS; 0 when nobody answers.
 * @param ca the authority in PEM; without it any certificate will do
 */
export function getStatus(url: string, options: { ca?: string; token?: string } = {}): Promise<number> {
  return new Promise((resolve) => {
    const { ca, token } = options;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
    const asked = request(url, { headers, timeout: 5_000, agent: false, ...trust }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => {
      resolve(0);
    });
    asked.end();
  });
}
