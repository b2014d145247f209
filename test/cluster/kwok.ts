import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfigOf } from './access.js';
import type { ControlPlane } from './control-plane.js';
import { freePorts } from '../../src/local/ports.js';
import { getStatus } from './http.js';
import { Kubectl } from './kubectl.js';

/** kwok takes the nodes with this annotation, and their pods, for its own; all others are left to their kubelets. */
export const KWOK_NODE = { key: 'kwok.x-k8s.io/node', value: 'fake' } as const;

const KINDS = ['Stage', 'Logs', 'ClusterLogs'];

/** Starts kwok beside a control plane: it keeps annotated nodes Ready and plays their pods by `stages/`. */
export async function startKwok(plane: ControlPlane): Promise<void> {
  const { access, programs } = plane;
  const kubectl = new Kubectl(access);
  const print = (what: string): string =>
    execFileSync(join(access.programs, 'kwok-objects'), [what], { encoding: 'utf8', maxBuffer: 1 << 26 });
  await kubectl.ok(['apply', '--server-side', '-f', '-'], print('crds'));
  await kubectl.established();
  const pods = readFileSync(join(import.meta.dirname, 'stages', 'pods.yaml'), 'utf8');
  await kubectl.ok(['apply', '--server-side', '-f', '-'], `${print('stages')}\n---\n${pods}`);
  const [port = 0] = await freePorts(1);
  programs.start('kwok', [
    ...[`--kubeconfig=${kubeconfigOf(access, 'kwok')}`, `--enable-crds=${KINDS.join(',')}`],
    ...['--manage-all-nodes=false', `--manage-nodes-with-annotation-selector=${KWOK_NODE.key}=${KWOK_NODE.value}`],
    // Its own default is to listen on every address.
    ...['--node-ip=127.0.0.1', `--node-port=${port}`, `--server-address=127.0.0.1:${port}`],
    ...['--cidr=10.64.0.0/16', '--node-lease-duration-seconds=40'],
  ]);
  await programs.untilReady('kwok', 120, async () => (await getStatus(`https://127.0.0.1:${port}/healthz`)) !== 0);
}
