import { Chart } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { TRITON } from '../src/job-settings/index.js';
import {
  apiObject,
  appLabels,
  type ClusterStage,
  networkPolicy,
  type NetworkPolicySpec,
  stageLabels,
} from '../src/kubernetes/index.js';
import { KEPT_BY_ARGOCD } from './argocd/kept.js';
import type { Bench } from './bench.js';

/** The namespace, which refuses pods that Pod Security `restricted` refuses, and the only traffic its pods may have. */
export class NamespaceChart extends Chart {
  constructor(scope: Construct, bench: Bench) {
    // No namespace for the chart: the Namespace itself must not be in one.
    super(scope, '00-namespace');
    new Namespace(this, 'namespace', {
      // With the namespace would go the volume and all results.
      metadata: { name: bench.namespace, labels: namespaceLabels(), annotations: KEPT_BY_ARGOCD },
    });
    for (const [name, spec] of Object.entries(
      bench.spec.fleet === undefined ? { ...common(), ...toTriton() } : common(),
    ))
      apiObject(this, name, networkPolicy(bench.namespace, name, spec));
  }
}

function namespaceLabels(): Record<string, string> {
  const modes = ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']);
  return { ...appLabels(), ...(Object.fromEntries(modes) as Record<string, string>) };
}

/** Of every run. The pods of a fleet have their Triton within. */
function common(): Record<string, NetworkPolicySpec> {
  return {
    // Nothing in, nothing out; each policy below opens one flow.
    'default-deny': { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    // To any address: a node's DNS cache answers on a link-local one, and other clusters keep DNS in other namespaces.
    // 5353 is where the name servers of some listen behind port 53.
    'clients-to-dns': {
      podSelector: { matchExpressions: [{ key: 'hps-bench/stage', operator: 'In', values: ['measure', 'conductor'] }] },
      policyTypes: ['Egress'],
      egress: [{ ports: [53, 5353].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port }))) }],
    },
    // The API server is no pod, and its address is the cluster's affair; 443 and 6443 are its ports before and behind
    // the Service.
    'conductor-to-api-server': {
      podSelector: pods('conductor'),
      policyTypes: ['Egress'],
      egress: [{ ports: [443, 6443].map((port) => ({ protocol: 'TCP', port })) }],
    },
  };
}

/** Where Triton is a Deployment. */
function toTriton(): Record<string, NetworkPolicySpec> {
  const tritonPorts = [TRITON.http, TRITON.grpc, TRITON.metrics].map((port) => ({ protocol: 'TCP', port }));
  const httpPort = [{ protocol: 'TCP', port: TRITON.http }];
  return {
    'measure-to-triton': {
      podSelector: pods('measure'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: pods('serve') }], ports: tritonPorts }],
    },
    'conductor-to-triton': {
      podSelector: pods('conductor'),
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: pods('serve') }], ports: httpPort }],
    },
    'triton-from-clients': {
      podSelector: pods('serve'),
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: pods('measure') }], ports: tritonPorts },
        { from: [{ podSelector: pods('conductor') }], ports: httpPort },
      ],
    },
  };
}

function pods(stage: ClusterStage): { matchLabels: Record<string, string> } {
  return { matchLabels: { ...stageLabels(stage) } };
}
