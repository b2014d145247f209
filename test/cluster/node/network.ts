import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError } from '../../../src/local/index.js';

/** Pods' addresses; the bridge's own is the node's, since a kubelet refuses a loopback address. */
export const PODS = '10.89.77.0/24';
export const NODE_ADDRESS = '10.89.77.1';
/** Where pods find the API server and the DNS server; no EndpointSlice may hold the loopback address they listen on. */
const API_SERVICE = '10.96.0.1';
export const DNS_SERVICE = '10.96.0.10';

const BRIDGE = 'hpsb0';
export const CNI_PLUGINS = '/usr/lib/cni';

/** @throws EnvironmentError where the machine's own network would be changed */
export function requireOwnNetwork(): void {
  const others = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  if (others.length > 0)
    throw new EnvironmentError(
      `a real node is started in a network namespace of its own, but here is ${others.join(', ')}`,
      'use npm run test:node',
    );
}

/** Makes the bridge, and rules by which pods reach the API server and the DNS server that listen on loopback. */
export function makeNetwork(apiServerPort: number, dnsPort: number): void {
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  run('ip', 'link', 'add', BRIDGE, 'type', 'bridge');
  // Answers of a Service's pod to another pod of this bridge must pass the rules too, to get the Service's address back.
  run('ip', 'link', 'set', BRIDGE, 'type', 'bridge', 'nf_call_iptables', '1');
  run('ip', 'address', 'add', `${NODE_ADDRESS}/24`, 'dev', BRIDGE);
  run('ip', 'link', 'set', BRIDGE, 'up');
  writeFileSync(`/proc/sys/net/ipv4/conf/${BRIDGE}/route_localnet`, '1');
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  for (const [address, protocol, from, to] of [
    [API_SERVICE, 'tcp', '443', apiServerPort],
    [DNS_SERVICE, 'udp', '53', dnsPort],
    [DNS_SERVICE, 'tcp', '53', dnsPort],
  ] as const) {
    const match = ['-i', BRIDGE, '-d', `${address}/32`, '-p', protocol, '--dport', from];
    run('iptables', '-w', '-t', 'nat', '-A', 'PREROUTING', ...match, '-j', 'DNAT', '--to', `127.0.0.1:${to}`);
  }
}

/** Writes containerd's network configuration: a bridge, addresses from its own files, no way out of the machine. */
export function writeCniConfig(folder: string): void {
  const ipam = { type: 'host-local', dataDir: join(folder, 'addresses'), ranges: [[{ subnet: PODS }]] };
  const bridge = { type: 'bridge', bridge: BRIDGE, isGateway: true, ipMasq: false, hairpinMode: true };
  const plugins = [
    { ...bridge, ipam: { ...ipam, routes: [{ dst: '0.0.0.0/0' }] } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ];
  const config = { cniVersion: '1.0.0', name: 'hps-bench', plugins };
  writeFileSync(join(folder, '10-bridge.conflist'), JSON.stringify(config, null, 1));
}
