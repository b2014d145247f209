import { request } from 'node:https';

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
