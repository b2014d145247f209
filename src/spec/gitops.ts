import { z } from 'zod';
import { dnsLabel, dnsName } from './values.js';

/** A Git address that Argo CD takes: HTTPS, SSH (also in the short form of scp), or a file. */
const repository = z.string().regex(/^((https?|ssh|file):\/\/\S+|[\w.-]+@[\w.-]+:\S+)$/, {
  error: 'is not the address of a Git repository, such as https://git.example.com/team/benchmarks.git',
});

/** A folder below the repository's root; the last part may be `*`. */
const path = z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*(\/\*)?$/, {
  error: 'is not a folder in the repository, such as deploy/dlrm-hps, or deploy/* for each folder in deploy',
});

const cluster = z.strictObject({
  name: dnsLabel.max(30).meta({ description: 'Short name; part of the name of the Application.' }),
  server: z.url().meta({ description: 'Address of the API server, as Argo CD knows the cluster.' }),
});

/** The `gitops` section: where Argo CD finds the manifests. It changes no measurement, so the hash of a spec leaves it out. */
export const gitops = z.strictObject({
  repository: repository.meta({ description: 'Git repository that holds the rendered manifests.' }),
  revision: z.string().min(1).max(250).default('main').meta({ description: 'Branch or tag that Argo CD follows.' }),
  path: path.meta({
    description:
      'Folder of the rendered manifests in the repository. Ending in /*: an Application for each folder there, by an ApplicationSet.',
  }),
  project: dnsName.default('default').meta({ description: 'AppProject of the Applications.' }),
  argocdNamespace: dnsLabel.default('argocd').meta({ description: 'Namespace in which Argo CD runs.' }),
  clusters: z
    .array(cluster)
    .min(1)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, { error: 'names a cluster twice' })
    .default([{ name: 'in-cluster', server: 'https://kubernetes.default.svc' }])
    .meta({ description: 'Clusters to run on; more than one makes an ApplicationSet.' }),
});
export type GitOps = z.output<typeof gitops>;
