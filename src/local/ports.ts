import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** Below the ports that the kernel hands to connections and to listeners on port 0, from Linux's default of 32768. */
const LOWEST = 15_000;
const EPHEMERAL = 32_768;
const MOST_TRIES = 200;

/**
 * Ports that are free on 127.0.0.1 now, all held at once so that they differ. Triton binds them only seconds later, so they
 * are drawn from where no other program's connection is given one meanwhile.
 * @throws Error if hardly any port is free
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let tries = 0; servers.length < count; tries += 1) {
    if (tries === MOST_TRIES) throw new Error(`no ${count} ports free on 127.0.0.1 among ${MOST_TRIES} tried`);
    const server = await listen(draw(firstEphemeral()));
    if (server !== undefined) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Where the kernel is set to use low ports too, any will do. */
function draw(end: number): number {
  return end <= LOWEST ? 0 : LOWEST + Math.floor(Math.random() * (end - LOWEST));
}

function firstEphemeral(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)[0]) || EPHEMERAL;
  } catch {
    return EPHEMERAL;
  }
}

/** A listener on that port, or undefined if it is taken. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}
