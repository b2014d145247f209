import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Kubectl } from '../kubectl.js';
import { Command } from './command.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'commands-guard';
const RUN = [
  'run',
  '--preset',
  'a100-page',
  '--namespace',
  NAMESPACE,
  '--results',
  join(kubectl.access.folder, 'guard'),
];

/** The admin's kubeconfig with its context under that name. */
function kubeconfigNamed(name: string): string {
  const file = join(kubectl.access.folder, `${name}.kubeconfig`);
  writeFileSync(file, readFileSync(kubectl.kubeconfig, 'utf8').replaceAll('"test"', JSON.stringify(name)));
  return file;
}

async function refused(args: readonly string[], kubeconfig: string): Promise<string> {
  const { code, stdout, stderr } = await new Command(args, { KUBECONFIG: kubeconfig }).ended;
  expect(code, stdout + stderr).toBe(2);
  expect(stderr).toContain('nothing was changed');
  expect((await kubectl.run(['get', 'namespace', NAMESPACE])).code).not.toBe(0);
  return stderr;
}

it('nothing is applied where nobody can be asked and nobody said yes', async () => {
  expect(await refused(RUN, kubectl.kubeconfig)).toContain('--yes');
});

it('a context that looks like production is written to only by its name', async () => {
  const kubeconfig = kubeconfigNamed('prod-eu');
  expect(await refused([...RUN, '--yes'], kubeconfig)).toContain('--context prod-eu --yes');
  await kubectl.ok(['create', 'configmap', 'hps-bench-guard', '-n', 'default']);
  await kubectl.ok([
    'label',
    'configmap',
    'hps-bench-guard',
    '-n',
    'default',
    'app.kubernetes.io/name=hps-bench',
    'hps-bench/run=guard',
  ]);
  const teardown = ['teardown', 'guard', '--namespace', 'default', '--yes'];
  expect(await refused(teardown, kubeconfig)).toContain('looks like production: it says "prod"');
  const named = await new Command([...teardown, '--context', 'prod-eu'], { KUBECONFIG: kubeconfig }).ended;
  expect(named.code, named.stdout + named.stderr).toBe(0);
  expect((await kubectl.run(['get', 'configmap', 'hps-bench-guard', '-n', 'default'])).code).not.toBe(0);
});

it('an account without the rights is told which one it lacks, and nothing is half-applied', async () => {
  await kubectl.ok(['create', 'serviceaccount', 'nobody', '-n', 'default']);
  const { kubeconfig } = await kubectl.as('default', 'nobody');
  const { code, stderr } = await new Command([...RUN, '--yes'], { KUBECONFIG: kubeconfig }).ended;
  expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('auth can-i') as string });
  expect((await kubectl.run(['get', 'namespace', NAMESPACE])).code).not.toBe(0);
});
