import { authorityFile } from '../access.js';
import { CNI_PLUGINS, DNS_SERVICE, NODE_ADDRESS, PODS } from './network.js';
import { IMAGES } from './image.js';

export interface NodeFolders {
  /** The control plane's. */
  readonly plane: string;
  /** The node's own. */
  readonly node: string;
  /** Name of the cgroup that all pods are in. */
  readonly cgroup: string;
}

export const socketOf = (node: string): string => `${node}/containerd.sock`;
export const cniFolder = (node: string): string => `${node}/cni`;

/** containerd's TOML: everything under the node's folder; runc without systemd; neither AppArmor nor OOM scores to set. */
export function containerdToml({ node }: NodeFolders): string {
  const runtime = `plugins."io.containerd.cri.v1.runtime"`;
  const images = `plugins."io.containerd.cri.v1.images"`;
  return `version = 3
root = "${node}/root"
state = "${node}/state"
[grpc]
  address = "${socketOf(node)}"
[ttrpc]
  address = "${socketOf(node)}.ttrpc"
[${images}]
  snapshotter = "overlayfs"
[${images}.pinned_images]
  sandbox = "${IMAGES.base}"
[${runtime}]
  disable_apparmor = true
  restrict_oom_score_adj = true
[${runtime}.cni]
  conf_dir = "${cniFolder(node)}"
  bin_dirs = ["${CNI_PLUGINS}"]
[${runtime}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[${runtime}.containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}

/** The kubelet's configuration (JSON is YAML). */
export function kubeletConfiguration({ plane, node, cgroup }: NodeFolders): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: NODE_ADDRESS,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: authorityFile(plane) },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${socketOf(node)}`,
    clusterDNS: [DNS_SERVICE],
    clusterDomain: 'cluster.local',
    resolvConf: '',
    podLogsDir: `${node}/logs`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    enforceNodeAllocatable: ['pods'],
    // Machines with cgroup v1, swap or little disk will do for a test.
    failCgroupV1: false,
    failSwapOn: false,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    // A pod that fills its emptyDir is evicted soon after, not only when the minute is over.
    volumeStatsAggPeriod: '5s',
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
  });
}

/** kube-proxy's configuration; connection tracking is left as this machine has it. */
export function proxyConfiguration(kubeconfig: string, healthPort: number): string {
  return JSON.stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    bindAddress: NODE_ADDRESS,
    healthzBindAddress: `127.0.0.1:${healthPort}`,
    metricsBindAddress: '127.0.0.1:10249',
    clientConnection: { kubeconfig },
    clusterCIDR: PODS,
    conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    nodePortAddresses: ['127.0.0.1/32'],
  });
}

/** CoreDNS's configuration: the cluster's names and no others. */
export function corefile(kubeconfig: string, port: number): string {
  return `.:${port} {
  bind 127.0.0.1
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfig}
  }
}
`;
}

/** What CoreDNS may read, as its own deployment has it. */
export const COREDNS_RIGHTS = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'coredns' },
    rules: [
      { apiGroups: [''], resources: ['services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'coredns' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'coredns' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'coredns' }],
  },
];
