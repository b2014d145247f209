import { createServer } from 'node:http';

/** Test double of Triton's ready endpoint, which no pod of kwok has. */
export interface TritonDouble {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  close(): Promise<void>;
}

export async function tritonDouble(isReady: () => boolean): Promise<TritonDouble> {
  const server = createServer((request, response) => {
    const ready = /^\/v2\/models\/[^/]+\/ready$/.test(request.url ?? '') && isReady();
    response.writeHead(ready ? 200 : 400).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listener without a port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
