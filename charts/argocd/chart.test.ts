import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loadSpec, specHash } from '../../src/spec/index.js';
import { rendered } from '../testing.js';
import { argocdApp } from './chart.js';

const REPOSITORY = 'https://git.example.com/ml/bench.git';
const set = (gitops: string): string => `gitops={repository: '${REPOSITORY}', ${gitops}}`;

function argocd(gitops: string): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), 'hps-bench-argocd-'));
  try {
    const spec = loadSpec({ preset: 'a100-page', set: [set(gitops)] });
    if (spec.gitops === undefined) throw new Error('no gitops');
    argocdApp(spec, spec.gitops, folder).synth();
    return readdirSync(folder)
      .sort()
      .flatMap((name) => yaml.loadAll(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>[]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('where Git is', () => {
  it('changes neither what is applied nor the hash of the spec', () => {
    const there = set('path: deploy/page');
    expect(rendered('a100-page', there).files).toEqual(rendered('a100-page').files);
    expect(specHash(loadSpec({ preset: 'a100-page', set: [there] }))).toBe(specHash(loadSpec({ preset: 'a100-page' })));
  });
});

describe('one spec on one cluster', () => {
  it('is an Application that follows the folder itself, without the folder for Argo CD in it', () => {
    const [application] = argocd('path: deploy/page, revision: release');
    expect(application).toMatchObject({
      kind: 'Application',
      metadata: { name: 'dlrm-hps', namespace: 'argocd' },
      spec: {
        source: {
          repoURL: REPOSITORY,
          targetRevision: 'release',
          path: 'deploy/page',
          directory: { recurse: false, include: '*.k8s.yaml' },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'hps-bench' },
      },
    });
  });
});

describe('several folders or clusters', () => {
  it.each([
    ['path: deploy/*', 1],
    ['path: deploy/page, clusters: [{name: a, server: "https://a:6443"}, {name: b, server: "https://b:6443"}]', 2],
  ])('are an ApplicationSet: %s', (gitops, clusters) => {
    const [application] = argocd(gitops);
    expect(application).toMatchObject({
      kind: 'ApplicationSet',
      spec: { syncPolicy: { preserveResourcesOnDeletion: true } },
    });
    const { generators } = (application as { spec: { generators: [{ matrix: { generators: unknown[] } }] } }).spec;
    expect(generators[0].matrix.generators[1]).toMatchObject({ list: { elements: { length: clusters } } });
  });
});

it.each([
  ['repository: deploy', 'is not the address of a Git repository'],
  ["repository: 'https://git.example.com/x.git', path: /deploy", 'is not a folder in the repository'],
  ["repository: 'https://git.example.com/x.git', path: ../deploy/x", 'is not a folder in the repository'],
  [
    "repository: 'https://git.example.com/x.git', path: x, clusters: [{name: a, server: 'https://a'}, {name: a, server: 'https://b'}]",
    'names a cluster twice',
  ],
])('refuses %s', (gitops, why) => {
  expect(() => loadSpec({ preset: 'a100-page', set: [`gitops={${gitops}}`] })).toThrow(why);
});

it.each(['Namespace', 'PersistentVolumeClaim'])('the %s outlives the Application', (kind) => {
  const { metadata } = rendered('a100-page').get(kind, 'hps-bench') as { metadata: { annotations?: unknown } };
  expect(metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' });
});
