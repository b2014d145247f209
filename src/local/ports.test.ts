import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePorts } from './ports.js';

it('are all different, can be listened on, and are none that the kernel hands out by itself', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  const [first] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/);
  if (Number(first) > 15_000) expect(Math.max(...ports)).toBeLessThan(Number(first));
  for (const port of ports)
    await new Promise<void>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () =>
        server.close(() => {
          resolve();
        }),
      );
    });
});
