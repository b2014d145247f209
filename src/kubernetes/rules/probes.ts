import type { V1Container, V1Probe } from '@kubernetes/client-node';
import { STAGE_LABEL } from '../labels.js';
import { probeBudget } from '../probes.js';
import { containersOf, podsOf, type Rule, type Violation } from './manifest.js';

/** A sidecar that others talk to. */
const isServer = ({ restartPolicy, ports }: V1Container): boolean =>
  restartPolicy === 'Always' && (ports ?? []).length > 0;

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** Triton loads its models before it opens a port: until then only a startup probe keeps the kubelet from killing it. */
export const startupBudget: Rule = ({ objects, facts }) =>
  podsOf(objects)
    .filter(({ labels, spec }) => labels[STAGE_LABEL] === 'serve' || (spec.initContainers ?? []).some(isServer))
    .flatMap((pod): Violation[] => {
      const { object } = pod;
      const containers = containersOf(pod).filter(
        ({ container }) => container.livenessProbe ?? container.readinessProbe,
      );
      const probes = containers.flatMap(({ container, where }): Violation[] => {
        const probe = container.startupProbe;
        const budget = probe === undefined ? 0 : probeBudget(probe);
        if (budget >= facts.startupSeconds) return [];
        return [
          {
            object,
            where: `${where}.startupProbe`,
            problem: `allows ${budget} s from start to ready, and the models need up to ${facts.startupSeconds} s`,
            fix: `periodSeconds x failureThreshold must be ${facts.startupSeconds} or more`,
          },
        ];
      });
      const deadline = (object.manifest['spec'] as { progressDeadlineSeconds?: number }).progressDeadlineSeconds ?? 600;
      if (object.manifest.kind !== 'Deployment' || deadline > facts.startupSeconds) return probes;
      return [
        ...probes,
        {
          object,
          where: 'spec.progressDeadlineSeconds',
          problem: `${deadline} s is over before the models are ready (${facts.startupSeconds} s)`,
          fix: 'set it above the startup probe',
        },
      ];
    });

/** The pod must outlive Triton's own wait for requests in flight. */
export const gracePeriod: Rule = ({ objects, facts }) =>
  podsOf(objects)
    .filter(({ labels }) => labels[STAGE_LABEL] === 'serve')
    .flatMap((pod) => {
      const seconds = pod.spec.terminationGracePeriodSeconds ?? 30;
      if (seconds > facts.exitTimeoutSeconds) return [];
      return [
        {
          object: pod.object,
          where: `${pod.where}.terminationGracePeriodSeconds`,
          problem: `${seconds} s, and Triton waits ${facts.exitTimeoutSeconds} s for requests in flight before it ends`,
          fix: `give it more than ${facts.exitTimeoutSeconds}`,
        },
      ];
    });

/** A probe must ask a port that the container has; one without a port asks port 80. */
export const probePorts: Rule = ({ objects }) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap(({ container, where }) => {
      const open = (container.ports ?? []).flatMap(({ containerPort, name }) => [containerPort, name]);
      return PROBES.flatMap((kind) => {
        const port = portOf(container[kind]);
        if (port === undefined || (port !== null && open.includes(port))) return [];
        return [
          {
            object: pod.object,
            where: `${where}.${kind}`,
            problem: `asks port ${port === null ? '80, because none is written' : port}, and the container has ${open.length === 0 ? 'none' : open.join(', ')}`,
            fix: 'write the port of the container',
          },
        ];
      });
    }),
  );

/** null: a probe of a port that does not say which. */
function portOf(probe: V1Probe | undefined): number | string | null | undefined {
  const action = probe?.httpGet ?? probe?.tcpSocket ?? probe?.grpc;
  if (action === undefined) return undefined;
  return (action as { port?: number | string }).port ?? null;
}
