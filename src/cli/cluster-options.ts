import { type Command, InvalidArgumentError } from 'commander';

/** Which cluster, as whom: alike in every command that talks to one. */
export interface ClusterOptions {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly as?: string;
  readonly asGroup?: string[];
}

/** The namespace of bench.yaml, where a command is not told another. */
export const DEFAULT_NAMESPACE = 'hps-bench';

export function addClusterOptions(command: Command): Command {
  const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];
  return command
    .option('--context <name>', "context of the kubeconfig; left out: the current one, or the pod's own account")
    .option('--kubeconfig <file>', 'kubeconfig to use; left out: KUBECONFIG, else ~/.kube/config')
    .option('-n, --namespace <name>', 'namespace of the benchmark; left out: the spec’s, which is hps-bench')
    .option('--as <user>', 'act as this user')
    .option('--as-group <group>', 'act as a member of this group (repeatable)', collect);
}

/** A name of Kubernetes, for an option's value. */
export function nameOption(value: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value))
    throw new InvalidArgumentError('Allowed: lower-case letters, digits and "-", at most 63.');
  return value;
}
