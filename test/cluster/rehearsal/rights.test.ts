import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissions, type PermissionRule } from '../../../jobs/conductor/permissions.js';
import { Kubectl } from '../kubectl.js';
import { synthesized } from './manifests.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NAMESPACE = 'rights';
const manifests = synthesized(kubectl.access, NAMESPACE);
const written = permissions(manifests.plan);

interface Review {
  status: { resourceRules: PermissionRule[] };
}

/** Every rule that holds for an account in a namespace, as the API server's authorizers list them. */
async function rulesOf(who: Kubectl, namespace: string): Promise<string[]> {
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
  const answer = await who.ok(['create', '--validate=false', '-f', '-', '-o', 'json'], JSON.stringify(review));
  return (JSON.parse(answer) as Review).status.resourceRules.map(comparable).sort();
}

function comparable(rule: PermissionRule): string {
  const sorted = (list: readonly string[] = []): string[] => [...list].sort();
  const { apiGroups, resources, resourceNames, verbs } = rule;
  return JSON.stringify([apiGroups, resources, resourceNames, verbs].map(sorted));
}

describe('the account of the conductor', () => {
  let conductor: Kubectl;
  let nobody: Kubectl;
  const canI = async (...args: string[]): Promise<string> =>
    (await conductor.run(['auth', 'can-i', ...args])).stdout.trim();

  beforeAll(async () => {
    await kubectl.ok(['apply', '-f', manifests.folder]);
    conductor = await kubectl.as(NAMESPACE, 'conductor');
    await kubectl.ok(['wait', '--for=create', 'serviceaccount/default', '-n', NAMESPACE, '--timeout=60s']);
    nobody = await kubectl.as(NAMESPACE, 'default');
  });
  afterAll(async () => {
    await kubectl.abandon(NAMESPACE);
  });

  it('may do what the written list says, and beyond what every account may do nothing else', async () => {
    const everybody = await rulesOf(nobody, NAMESPACE);
    const own = (await rulesOf(conductor, NAMESPACE)).filter((rule) => !everybody.includes(rule));
    expect(own).toEqual(written.map(comparable).sort());
  });

  it('has no right of its own in another namespace', async () => {
    expect(await rulesOf(conductor, 'default')).toEqual(await rulesOf(nobody, 'default'));
  });

  it('is answered yes for every verb and name of the list, and no for another name', async () => {
    for (const { apiGroups, resources, resourceNames, verbs } of written)
      for (const verb of verbs) {
        const [resource = '', sub] = (resources[0] ?? '').split('/');
        const kind = apiGroups[0] === '' ? resource : `${resource}.${apiGroups[0] ?? ''}`;
        const rest = ['-n', NAMESPACE, ...(sub === undefined ? [] : [`--subresource=${sub}`])];
        for (const name of resourceNames ?? [undefined])
          expect([verb, kind, name, await canI(verb, name === undefined ? kind : `${kind}/${name}`, ...rest)]).toEqual([
            ...[verb, kind, name, 'yes'],
          ]);
        if (resourceNames === undefined) continue;
        expect([verb, kind, await canI(verb, `${kind}/other`, ...rest)]).toEqual([verb, kind, 'no']);
      }
  });

  it.each([
    ['delete', 'pods'],
    ['create', 'pods'],
    ['create', 'pods/exec'],
    ['get', 'secrets'],
    ['list', 'configmaps'],
    ['patch', 'jobs.batch'],
    ['update', 'deployments.apps'],
    ['impersonate', 'serviceaccounts'],
    ['create', 'rolebindings.rbac.authorization.k8s.io'],
  ])('may not %s %s', async (verb, resource) => {
    expect(await canI(verb, resource, '-n', NAMESPACE)).toBe('no');
  });
});
