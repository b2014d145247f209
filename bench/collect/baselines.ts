import { request, Agent } from 'node:https';
import { readFileSync } from 'node:fs';
import { authorityFile, kubeconfigOf } from '../../test/cluster/access.js';
import type { Kubectl } from '../../test/cluster/kubectl.js';
import { eachOf } from '../../test/cluster/collect/fleet.js';

/** `kubectl logs POD` one after the other, as a shell loop does. @returns logs a second */
export async function kubectlLoop(kubectl: Kubectl, namespace: string, pods: readonly string[]): Promise<number> {
  const began = performance.now();
  for (const pod of pods) await kubectl.ok(['logs', pod, '-n', namespace]);
  return pods.length / ((performance.now() - began) / 1000);
}

/** Fifty requests in flight on kept connections, the bodies thrown away: what server and TLS alone allow. */
export async function fetchLoop(
  kubectl: Kubectl,
  namespace: string,
  pods: readonly string[],
): Promise<{ rate: number; seconds: number; bytes: number }> {
  const { access } = kubectl;
  const config = JSON.parse(readFileSync(kubeconfigOf(access, 'admin'), 'utf8')) as {
    users: { user: { token: string } }[];
  };
  const headers = { authorization: `Bearer ${config.users[0]?.user.token ?? ''}` };
  const agent = new Agent({ keepAlive: true, maxSockets: 50, ca: readFileSync(authorityFile(access.folder)) });
  let bytes = 0;
  const began = performance.now();
  await eachOf(pods, 50, async (pod) => {
    const length = await sizeOf(`${access.server}/api/v1/namespaces/${namespace}/pods/${pod}/log`, headers, agent);
    bytes += length;
  });
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { rate: pods.length / seconds, seconds, bytes };
}

function sizeOf(url: string, headers: Record<string, string>, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url}: ${response.statusCode ?? 0}`));
      });
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
