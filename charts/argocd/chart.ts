import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import type { GitOps, Spec } from '../../src/spec/index.js';
import { apiObject } from '../../src/kubernetes/index.js';
import { application, applicationSet } from './application.js';

/** Folder of the manifests for Argo CD, beside those that it applies. */
export const ARGOCD_FOLDER = 'argocd';

/** What Argo CD is told: an Application for the spec, or an ApplicationSet for many; and the health of Jobs. */
export function argocdApp(spec: Spec, gitops: GitOps, outdir: string): App {
  const app = new App({ outdir });
  const application = new Chart(app, 'application');
  apiObject(application, 'application', root(spec, gitops));
  const settings = new Chart(app, 'settings');
  apiObject(settings, 'argocd-cm', healthSettings(gitops));
  return app;
}

function root(spec: Spec, gitops: GitOps) {
  const [cluster] = gitops.clusters;
  const single = cluster !== undefined && gitops.clusters.length === 1 && !gitops.path.endsWith('/*');
  if (!single) return applicationSet(gitops, spec.name);
  return application(gitops, {
    name: spec.name,
    path: gitops.path,
    server: cluster.server,
    namespace: spec.cluster.namespace,
  });
}

/** To be merged into Argo CD's own settings, once for each Argo CD (`kubectl apply --server-side`). */
function healthSettings(gitops: GitOps) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'argocd-cm',
      namespace: gitops.argocdNamespace,
      labels: { 'app.kubernetes.io/part-of': 'argocd' },
    },
    data: {
      'resource.customizations.health.batch_Job': readFileSync(join(import.meta.dirname, 'health.lua'), 'utf8'),
    },
  };
}
