import type { V1JobSpec } from '@kubernetes/client-node';
import { MOST_PODS } from '../../spec/index.js';
import { gpusOfPod } from './gpus.js';
import { containersOf, kindOf, namespaceOf, type PodOf, podsOf, type Rule } from './manifest.js';

const isIndexed = ({ object }: PodOf): boolean =>
  kindOf(object) === 'Job' && (object.manifest['spec'] as V1JobSpec).completionMode === 'Indexed';

/** The node that all pods have to run on, where their affinity names one. */
function nodeOf({ spec }: PodOf): string | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const fields = (terms[0]?.matchFields ?? []).filter(
    ({ key, operator }) => key === 'metadata.name' && operator === 'In',
  );
  const values = fields.flatMap((field) => field.values ?? []);
  return terms.length === 1 && values.length === 1 ? values[0] : undefined;
}

/** The pods of one node run at once: together they may ask for as many GPUs as it has, or some wait for the others' end. */
export const fleetFitsNodes: Rule = ({ objects, facts }) => {
  if (facts.nodes.size === 0) return [];
  const holders = podsOf(objects).filter((pod) => gpusOfPod(pod) > 0);
  const held = new Map<string, number>();
  return holders.flatMap((pod) => {
    const node = nodeOf(pod);
    const where = `${pod.where}.affinity.nodeAffinity`;
    const there = node === undefined ? undefined : facts.nodes.get(node);
    if (node === undefined || there === undefined)
      return [
        {
          object: pod.object,
          where,
          problem: `names ${node === undefined ? 'no node' : `node ${node}, which is none of the fleet`}, so that a node may be measured twice and another not at all`,
          fix: 'require metadata.name In [the node], in one term',
        },
      ];
    const each = gpusOfPod(pod);
    const total = (held.get(node) ?? 0) + each * pod.count;
    held.set(node, total);
    if (total <= there) return [];
    return [
      {
        object: pod.object,
        where: `${pod.where}.initContainers`,
        problem: `${total} GPUs can be held at once on node ${node} (${pod.count} pods of ${each}), which has ${there}: the last pods would wait, and not measure beside the first`,
        fix: 'one GPU in all: the builder before Triton, measuring without a GPU',
      },
    ];
  });
};

/** What serves must be a sidecar that has started before anything is measured. */
export const sidecarServes: Rule = ({ objects }) =>
  podsOf(objects).flatMap((pod) =>
    (pod.spec.initContainers ?? []).flatMap((container, index) => {
      if ((container.ports ?? []).length === 0) return [];
      const where = `${pod.where}.initContainers[${index}]`;
      if (container.restartPolicy !== 'Always')
        return [
          {
            object: pod.object,
            where: `${where}.restartPolicy`,
            problem: `${container.name} serves and never ends, so that what comes after it never begins`,
            fix: 'set restartPolicy: Always, which makes it a sidecar (Kubernetes 1.29)',
          },
        ];
      if (container.startupProbe !== undefined) return [];
      return [
        {
          object: pod.object,
          where: `${where}.startupProbe`,
          problem: `is missing, so that measuring begins before ${container.name} is ready`,
          fix: 'give it a startupProbe on the last model',
        },
      ];
    }),
  );

/** A measurement that is made again without a word is a figure chosen by luck. */
export const countedRepeats: Rule = ({ objects }) =>
  podsOf(objects)
    .filter(isIndexed)
    .flatMap(({ object }) => {
      const spec = object.manifest['spec'] as V1JobSpec;
      const ignoresDisruptions = (spec.podFailurePolicy?.rules ?? []).some(
        ({ action, onPodConditions }) =>
          action === 'Ignore' && (onPodConditions ?? []).some(({ type }) => type === 'DisruptionTarget'),
      );
      const problems = [
        ...(spec.backoffLimitPerIndex === 0
          ? []
          : [
              {
                where: 'spec.backoffLimitPerIndex',
                problem: `${String(spec.backoffLimitPerIndex)}: a pod that fails would be made again without being counted`,
                fix: 'set 0; more repeats are a setting of the spec',
              },
            ]),
        ...(ignoresDisruptions
          ? []
          : [
              {
                where: 'spec.podFailurePolicy',
                problem: 'does not ignore disruptions, so that a drained node loses its measurements',
                fix: 'add a rule: action Ignore on condition DisruptionTarget',
              },
            ]),
      ];
      return problems.map((problem) => ({ object, ...problem }));
    });

/** Lists and watches of a namespace are as long as it has pods, for everybody. */
export const podsInNamespace: Rule = ({ objects }) => {
  const byNamespace = new Map<string, { count: number; last: PodOf }>();
  for (const pod of podsOf(objects)) {
    const name = namespaceOf(pod.object);
    byNamespace.set(name, { count: (byNamespace.get(name)?.count ?? 0) + pod.count, last: pod });
  }
  return (
    [...byNamespace]
      // Of the run's own stages there are a few more.
      .filter(([, { count }]) => count > MOST_PODS + 10)
      .map(([namespace, { count, last }]) => ({
        object: last.object,
        where: 'spec.parallelism',
        problem: `namespace ${namespace} would have ${count} pods, and ${MOST_PODS} are allowed in one`,
        fix: 'run the fleet in parts (fleet.part), each in a namespace of its own',
      }))
  );
};

/** Copies of models fill a node's disk: without a request the pod is the first to be evicted. */
export const diskAsked: Rule = ({ objects, facts }) =>
  podsOf(objects)
    .filter((pod) => facts.nodes.size > 0 && gpusOfPod(pod) > 0)
    .filter((pod) =>
      containersOf(pod).every(({ container }) => container.resources?.requests?.['ephemeral-storage'] === undefined),
    )
    .map((pod) => ({
      object: pod.object,
      where: `${pod.where}.containers[0].resources.requests`,
      problem: 'asks for no ephemeral-storage, and the pod keeps a copy of the models on the node',
      fix: 'ask for fleetDisk()',
    }));
