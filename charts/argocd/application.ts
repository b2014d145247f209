import type { GitOps } from '../../src/spec/index.js';

/** Argo CD deletes what the Application made when the Application is deleted; what is marked `Delete=false` stays. */
const CASCADE = 'resources-finalizer.argocd.argoproj.io';

export interface Place {
  /** Name of the Application. */
  readonly name: string;
  /** Folder in the repository. */
  readonly path: string;
  /** API server of the cluster. */
  readonly server: string;
  /** Namespace of what names none. */
  readonly namespace: string;
}

/** `spec` of an Application that follows one folder of rendered manifests. */
export function applicationSpec(gitops: GitOps, { path, server, namespace }: Omit<Place, 'name'>) {
  return {
    project: gitops.project,
    source: {
      repoURL: gitops.repository,
      targetRevision: gitops.revision,
      path,
      // The folder's own files only: argocd/ beside them holds this Application.
      directory: { recurse: false, include: '*.k8s.yaml' },
    },
    destination: { server, namespace },
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      syncOptions: ['ServerSideApply=true', 'RespectIgnoreDifferences=true'],
      // The same commit is tried again: a webhook or an API server may be away for a while.
      retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
    },
    ignoreDifferences: IGNORED,
  };
}

/** What others own: the conductor scales Triton, Kueue suspends Jobs and places their pods. */
const IGNORED = [
  { group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] },
  {
    group: 'batch',
    kind: 'Job',
    jsonPointers: ['/spec/suspend', '/spec/template/spec/nodeSelector', '/spec/template/spec/tolerations'],
  },
];

/** One spec on one cluster. */
export function application(gitops: GitOps, place: Place) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: place.name, namespace: gitops.argocdNamespace, finalizers: [CASCADE] },
    spec: applicationSpec(gitops, place),
  };
}

/** Each spec on each cluster: the folders below `path` where it ends in `/*`, times the clusters. */
export function applicationSet(gitops: GitOps, name: string) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: gitops.argocdNamespace },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [
        {
          matrix: {
            generators: [
              {
                git: {
                  repoURL: gitops.repository,
                  revision: gitops.revision,
                  directories: [{ path: gitops.path }],
                },
              },
              { list: { elements: gitops.clusters } },
            ],
          },
        },
      ],
      template: {
        // Without the finalizer: with it, what an Application made would go with it whatever the policy below says.
        metadata: { name: '{{.path.basename}}-{{.name}}' },
        // The namespace stands in the manifests of each folder.
        spec: applicationSpec(gitops, { path: '{{.path.path}}', server: '{{.server}}', namespace: 'default' }),
      },
      // An Application that is gone from the set must not take a running benchmark with it unasked.
      syncPolicy: { preserveResourcesOnDeletion: true },
    },
  };
}
