import type { V1Container } from '@kubernetes/client-node';
import { GPU } from '../pod.js';
import { containersOf, nameOf, type PodOf, podsOf, type Rule } from './manifest.js';

const isGated = (pod: PodOf): boolean => (pod.spec.schedulingGates ?? []).length > 0;

/**
 * GPUs of a pod: the most of what its containers hold together and what each init container holds beside the sidecars
 * started before it (KEP-753).
 */
export function gpusOfPod(pod: PodOf): number {
  const asked = (container: V1Container): number => Number(container.resources?.limits?.[GPU] ?? 0);
  let [sidecars, most] = [0, 0];
  for (const init of pod.spec.initContainers ?? []) {
    most = Math.max(most, sidecars + asked(init));
    if (init.restartPolicy === 'Always') sidecars += asked(init);
  }
  const main = pod.spec.containers.reduce((sum, item) => sum + asked(item), 0);
  return Math.max(most, sidecars + main);
}

/** At no moment may the pods that can run hold more GPUs than there are: one of them would wait for ever. */
export const gpuDeadlock: Rule = ({ objects, facts }) => {
  // In a fleet each node's count: fleetFitsNodes.
  if (facts.nodes.size > 0) return [];
  const holders = podsOf(objects)
    .map((pod) => ({ pod, name: nameOf(pod.object), gpus: gpusOfPod(pod) * pod.count }))
    .filter(({ gpus }) => gpus > 0);
  const always = holders.filter(({ pod }) => !isGated(pod));
  const held = sum(always);
  const gated = new Map(holders.filter(({ pod }) => isGated(pod)).map((holder) => [holder.name, holder]));
  const moments = facts.moments.length === 0 ? [[]] : facts.moments;
  return moments.flatMap((names) => {
    const released = names.flatMap((name) => gated.get(name) ?? []);
    const total = held + sum(released);
    const last = released.at(-1) ?? always.at(-1);
    if (total <= facts.gpus || last === undefined) return [];
    const shown = [...always, ...released].map(({ name, gpus }) => `${name} ${gpus}`).join(', ');
    return [
      {
        object: last.pod.object,
        where: last.pod.where,
        problem: `${total} GPUs can be held at once (${shown}), and the run may hold ${facts.gpus}: one pod waits for ever`,
        fix: 'gate the pod until the others have ended, use strategy Recreate, or raise cluster.gpus',
      },
    ];
  });
};

function sum(holders: readonly { gpus: number }[]): number {
  return holders.reduce((total, { gpus }) => total + gpus, 0);
}

/** A gate that nobody takes away keeps its pod from ever running. */
export const releasedGates: Rule = ({ objects, facts }) => {
  const released = new Set(facts.moments.flat());
  return podsOf(objects)
    .filter((pod) => isGated(pod) && !released.has(nameOf(pod.object)))
    .map((pod) => ({
      object: pod.object,
      where: `${pod.where}.schedulingGates`,
      problem: `gate ${JSON.stringify(pod.spec.schedulingGates?.[0]?.name)} of ${nameOf(pod.object)}, which the conductor's plan does not name`,
      fix: 'add it to the plan, or leave the gate out',
    }));
};

/** A GPU count is a whole number in quotes; anything else is dropped, refused or read as none. */
export const gpuQuantity: Rule = ({ objects }) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap(({ container, where }) =>
      (['requests', 'limits'] as const).flatMap((kind) => {
        const amounts: Record<string, unknown> = container.resources?.[kind] ?? {};
        if (!(GPU in amounts)) return [];
        const value = amounts[GPU];
        if (typeof value === 'string' && /^[1-9]\d*$/.test(value)) return [];
        const shown = value === undefined ? 'undefined (null in the YAML)' : JSON.stringify(value);
        return [
          {
            object: pod.object,
            where: `${where}.resources.${kind}["${GPU}"]`,
            problem: `${shown} is no GPU count`,
            fix: 'write a whole number in quotes, such as "1"',
          },
        ];
      }),
    ),
  );
