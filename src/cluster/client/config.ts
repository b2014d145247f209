import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { nearest } from '../../spec/spelling.js';
import { ClusterError } from './errors.js';

/** How a person says which cluster, as whom. */
export interface ClientOptions {
  /** Context of the kubeconfig. @default its current context */
  readonly context?: string;
  /** Kubeconfig file. @default KUBECONFIG (several files, the first to name something wins), else ~/.kube/config, else the pod's own account */
  readonly kubeconfig?: string;
  /** @default the context's, else `default` */
  readonly namespace?: string;
  /** User to act as. */
  readonly as?: string;
  /** Groups to act as; only with `as`. */
  readonly asGroups?: readonly string[];
  /** How long an answer may take to begin, or to go on, in s. @default 30 */
  readonly timeoutSeconds?: number;
  /** Connections at most. @default 64 */
  readonly connections?: number;
}

/** A context that can be used. */
export interface Target {
  readonly config: KubeConfig;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Finds the context to use. Nothing is asked of the cluster yet.
 * @throws ClusterError of kind `config`: no kubeconfig, one that cannot be read, no such context
 */
export function loadTarget(options: ClientOptions, environment: NodeJS.ProcessEnv = process.env): Target {
  if (options.asGroups !== undefined && options.asGroups.length > 0 && options.as === undefined)
    throw new ClusterError('config', '--as-group without --as: Kubernetes takes groups only with a user to act as');
  const { config, from } = loadConfig(options, environment);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const name = config.getCurrentContext();
  const names = config.getContexts().map((context) => context.name);
  if (!name)
    throw new ClusterError(
      'config',
      `${from}: has no current context; name one with --context: ${names.join(', ') || 'there is none'}`,
    );
  const context = config.getContextObject(name);
  if (context === null)
    throw new ClusterError('config', `${from}: has no context ${JSON.stringify(name)}${suggestion(name, names)}`);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new ClusterError('config', `${from}: context ${name} names cluster ${context.cluster}, which is not there`);
  if (config.getCurrentUser() === null)
    throw new ClusterError('config', `${from}: context ${name} names user ${context.user}, which is not there`);
  const namespace = options.namespace ?? context.namespace ?? 'default';
  return { config, context: name, server: cluster.server, namespace };
}

function suggestion(name: string, names: readonly string[]): string {
  if (names.length === 0) return '; it has none';
  const near = nearest(name, names);
  return `; allowed: ${names.join(', ')}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}

function loadConfig(options: ClientOptions, environment: NodeJS.ProcessEnv): { config: KubeConfig; from: string } {
  const given = options.kubeconfig ?? environment['KUBECONFIG'] ?? '';
  const files = given === '' ? [] : given.split(delimiter).filter((file) => file !== '');
  const home = join(environment['HOME'] ?? homedir(), '.kube', 'config');
  // As kubectl: of several files those that are missing are passed over, but a file named by option must be there.
  const there = files.filter((file) => options.kubeconfig !== undefined || existsSync(file));
  if (there.length > 0) return { config: merged(there), from: there.join(delimiter) };
  if (files.length > 0) throw new ClusterError('config', `KUBECONFIG=${given}: there is no such file`);
  if (existsSync(home)) return { config: merged([home]), from: home };
  if (environment['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(SERVICE_ACCOUNT)) {
    const config = new KubeConfig();
    config.loadFromCluster();
    return { config, from: "the pod's service account" };
  }
  throw new ClusterError(
    'config',
    `there is no kubeconfig: neither --kubeconfig nor KUBECONFIG is given, ${home} is not there, and this is no pod with a service account`,
  );
}

/** The first file that names a cluster, user or context defines it, as kubectl has it (client-node would refuse the second). */
function merged(files: readonly string[]): KubeConfig {
  const [first = new KubeConfig(), ...others] = files.map(readConfig);
  for (const other of others) {
    if (!first.currentContext) first.currentContext = other.currentContext;
    for (const cluster of other.clusters) if (first.getCluster(cluster.name) === null) first.addCluster(cluster);
    for (const user of other.users) if (first.getUser(user.name) === null) first.addUser(user);
    for (const context of other.contexts) if (first.getContextObject(context.name) === null) first.addContext(context);
  }
  return first;
}

function readConfig(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    throw new ClusterError('config', `${file}: cannot be read as a kubeconfig: ${(error as Error).message}`);
  }
  return config;
}
