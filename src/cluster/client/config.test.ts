import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadTarget } from './config.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hps-bench-kubeconfig-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A kubeconfig whose contexts each have a cluster of their own. */
function file(name: string, contexts: Record<string, string>, current?: string): string {
  const path = join(folder, name);
  const names = Object.keys(contexts);
  const config = {
    clusters: names.map((context) => ({ name: context, cluster: { server: contexts[context] } })),
    users: names.map((context) => ({ name: context, user: {} })),
    contexts: names.map((context) => ({ name: context, context: { cluster: context, user: context } })),
    ...(current === undefined ? {} : { 'current-context': current }),
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

it('takes several files of KUBECONFIG: the first to name something defines it, missing ones are passed over', () => {
  const one = file('one', { lab: 'https://one' });
  const two = file('two', { lab: 'https://two', prod: 'https://prod' }, 'prod');
  const environment = { HOME: folder, KUBECONFIG: [one, join(folder, 'nowhere'), two].join(delimiter) };
  expect(loadTarget({}, environment)).toMatchObject({ context: 'prod', server: 'https://prod', namespace: 'default' });
  expect(loadTarget({ context: 'lab', namespace: 'n' }, environment)).toMatchObject({
    ...{ server: 'https://one', namespace: 'n' },
  });
});

it('names a context that is not there, those that are, and the nearest', () => {
  const kubeconfig = file('config', { 'kind-bench': 'https://x', prod: 'https://y' }, 'prod');
  expect(() => loadTarget({ kubeconfig, context: 'kind-bnech' })).toThrow(
    `${kubeconfig}: has no context "kind-bnech"; allowed: kind-bench, prod (did you mean kind-bench?)`,
  );
});

it('says which contexts could be named where none is current', () => {
  const kubeconfig = file('config', { a: 'https://x', b: 'https://y' });
  expect(() => loadTarget({ kubeconfig })).toThrow('has no current context; name one with --context: a, b');
});

it('says where it looked where there is no kubeconfig at all', () => {
  expect(() => loadTarget({}, { HOME: folder })).toThrow(`${join(folder, '.kube', 'config')} is not there`);
  expect(() => loadTarget({}, { HOME: folder, KUBECONFIG: '/nowhere/config' })).toThrow('there is no such file');
});

it('names a file that is no kubeconfig', () => {
  const kubeconfig = join(folder, 'broken');
  writeFileSync(kubeconfig, 'clusters: [');
  expect(() => loadTarget({ kubeconfig })).toThrow(`${kubeconfig}: cannot be read as a kubeconfig`);
});

it('refuses groups to act as without a user', () => {
  expect(() => loadTarget({ asGroups: ['admins'] })).toThrow('--as-group without --as');
});
