import { canonicalJson } from '../../spec/index.js';
import {
  kindOf,
  type Located,
  nameOf,
  namespaceOf,
  type PodOf,
  podsOf,
  type Rule,
  type Violation,
} from './manifest.js';

const HOSTNAME = 'kubernetes.io/hostname';

/** A ReadWriteOnce claim is attached to one node at a time: pods that use it at the same moment must share a node. */
export const claimOnOneNode: Rule = ({ objects, facts }) =>
  objects.filter(isOneNodeClaim).flatMap((claim) => {
    const users = podsOf(objects).filter((pod) => uses(pod, claim));
    const always = users.filter((pod) => !isNamed(pod, facts.moments.flat()));
    const together = facts.moments.flatMap((names) => {
      const now = [...always, ...users.filter((pod) => isNamed(pod, names))];
      return now.slice(1).flatMap((pod) => apart(pod, now, claim));
    });
    return [...unique(together), ...elsewhere(users, claim)];
  });

function isOneNodeClaim(object: Located): boolean {
  const modes = (object.manifest['spec'] as { accessModes?: string[] } | undefined)?.accessModes ?? [];
  return kindOf(object) === 'PersistentVolumeClaim' && modes.every((mode) => mode.startsWith('ReadWriteOnce'));
}

function uses(pod: PodOf, claim: Located): boolean {
  return (
    namespaceOf(pod.object) === namespaceOf(claim) &&
    (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === nameOf(claim))
  );
}

const isNamed = (pod: PodOf, names: readonly string[]): boolean => names.includes(nameOf(pod.object));

function apart(pod: PodOf, all: readonly PodOf[], claim: Located): Violation[] {
  const others = all.filter((other) => other !== pod);
  const tied = others.every((other) => onNode(pod, other) || beside(pod, other) || beside(other, pod));
  if (tied) return [];
  return [
    {
      object: pod.object,
      where: `${pod.where}.affinity`,
      problem: `uses the ReadWriteOnce claim ${nameOf(claim)} while ${others.map(({ object }) => nameOf(object)).join(', ')} does, perhaps on another node`,
      fix: `require a podAffinity to it with topologyKey ${HOSTNAME}, or set cluster.storage.accessMode: ReadWriteMany`,
    },
  ];
}

/** Both may only run on the same named node. */
function onNode(a: PodOf, b: PodOf): boolean {
  const name = (pod: PodOf): string | undefined => pod.spec.nodeName ?? pod.spec.nodeSelector?.[HOSTNAME];
  return (name(a) !== undefined && name(a) === name(b)) || (namedByField(a) && nodeRules(a) === nodeRules(b));
}

function namedByField(pod: PodOf): boolean {
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return (
    terms.length === 1 &&
    (terms[0]?.matchFields ?? []).some(({ key, values }) => key === 'metadata.name' && values?.length === 1)
  );
}

/** Whether `pod` has to run on the node of `other`. */
function beside(pod: PodOf, other: PodOf): boolean {
  const terms = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(
    ({ topologyKey, labelSelector }) =>
      topologyKey === HOSTNAME &&
      labelSelector?.matchLabels !== undefined &&
      Object.entries(labelSelector.matchLabels).every(([key, value]) => other.labels[key] === value),
  );
}

/** The volume may be made for the node of its first pod: every other must be allowed there. */
function elsewhere(users: readonly PodOf[], claim: Located): Violation[] {
  const [first, ...rest] = users;
  if (first === undefined) return [];
  return rest
    .filter((pod) => nodeRules(pod) !== nodeRules(first))
    .map((pod) => ({
      object: pod.object,
      where: `${pod.where}.affinity`,
      problem: `may run on other nodes than ${nameOf(first.object)}, and both use the ReadWriteOnce claim ${nameOf(claim)}, which may be made where the first of them runs`,
      fix: 'give both the same node affinity, node selector and node name',
    }));
}

function nodeRules({ spec }: PodOf): string {
  return canonicalJson([spec.nodeName, spec.nodeSelector, spec.affinity?.nodeAffinity]);
}

function unique(violations: Violation[]): Violation[] {
  return [...new Map(violations.map((item) => [`${item.object.path} ${item.problem}`, item])).values()];
}
