import type { V1LabelSelector } from '@kubernetes/client-node';
import {
  containersOf,
  kindOf,
  type Located,
  nameOf,
  namespaceOf,
  podsOf,
  type Rule,
  type Violation,
} from './manifest.js';

type Labels = Readonly<Record<string, string>>;

const shown = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** A workload must select the pods it makes: the API server refuses anything else, and the selector is immutable. */
export const workloadSelector: Rule = ({ objects }) =>
  podsOf(objects).flatMap((pod) => {
    if (!['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet'].includes(kindOf(pod.object))) return [];
    const { selector } = pod.object.manifest['spec'] as { selector?: V1LabelSelector };
    const labels = selector?.matchLabels ?? {};
    if (Object.keys(labels).length > 0 && matches(labels, pod.labels)) return [];
    return [
      {
        object: pod.object,
        where: 'spec.selector.matchLabels',
        problem: `${shown(labels) || 'nothing'} does not select the pods of its own template (${shown(pod.labels)})`,
        fix: 'repeat labels of the template',
      },
    ];
  });

/** A Service, a policy or an affinity that selects no pod of these manifests does nothing, silently. */
export const selectsSomething: Rule = ({ objects }) => {
  const pods = podsOf(objects);
  const none = (object: Located, where: string, labels: Labels | undefined): Violation[] => {
    if (labels === undefined || Object.keys(labels).length === 0) return [];
    if (pods.some((pod) => namespaceOf(pod.object) === namespaceOf(object) && matches(labels, pod.labels))) return [];
    const problem = `${shown(labels)} selects no pod of these manifests`;
    return [{ object, where, problem, fix: 'repeat labels of the pod template that is meant' }];
  };
  const ofObjects = objects.flatMap((object) => {
    const spec = object.manifest['spec'] as { selector?: Labels; podSelector?: V1LabelSelector } | undefined;
    if (kindOf(object) === 'Service')
      return [...none(object, 'spec.selector', spec?.selector), ...servicePorts(object, objects)];
    if (kindOf(object) === 'NetworkPolicy') return none(object, 'spec.podSelector', spec?.podSelector?.matchLabels);
    return [];
  });
  const ofPods = pods.flatMap((pod) =>
    (pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term) =>
      none(pod.object, `${pod.where}.affinity.podAffinity`, term.labelSelector?.matchLabels),
    ),
  );
  return [...ofObjects, ...ofPods];
};

/** A Service's target port must be one of the pods it selects. */
function servicePorts(service: Located, objects: readonly Located[]): Violation[] {
  const spec = service.manifest['spec'] as {
    selector?: Labels;
    ports?: { port: number; targetPort?: number | string }[];
  };
  const pods = podsOf(objects).filter((pod) => matches(spec.selector ?? {}, pod.labels));
  const open = pods
    .flatMap((pod) => containersOf(pod))
    .flatMap(({ container }) => (container.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]));
  return (spec.ports ?? []).flatMap(({ port, targetPort = port }, index) =>
    pods.length === 0 || open.includes(targetPort)
      ? []
      : [
          {
            object: service,
            where: `spec.ports[${index}].targetPort`,
            problem: `${targetPort} is no port of the pods that ${nameOf(service)} selects (${[...new Set(open)].join(', ') || 'none'})`,
            fix: 'name one of their ports',
          },
        ],
  );
}
