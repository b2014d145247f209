import { ApiObject, type App } from 'cdk8s';
import { knownFields, noNulls } from './fields.js';
import { countedRepeats, diskAsked, fleetFitsNodes, podsInNamespace, sidecarServes } from './fleet.js';
import { gpuDeadlock, gpuQuantity, releasedGates } from './gpus.js';
import { bounded, noTtl, pinnedImages } from './jobs.js';
import { selectsSomething, workloadSelector } from './labels.js';
import { type Facts, kindOf, type Located, type Manifest, nameOf, type Rule, type Violation } from './manifest.js';
import { contentInNames, uniqueNames } from './names.js';
import { gracePeriod, probePorts, startupBudget } from './probes.js';
import { canonicalQuantities, guaranteed } from './quantities.js';
import { configMapSize, lastAppliedSize } from './sizes.js';
import { claimOnOneNode } from './storage.js';

export type { Facts, Located, Manifest, Violation } from './manifest.js';

/** What cannot work on any cluster, or not on the one that the spec describes. */
export const RULES: Readonly<Record<string, Rule>> = {
  noNulls,
  knownFields,
  uniqueNames,
  contentInNames,
  gpuQuantity,
  gpuDeadlock,
  releasedGates,
  fleetFitsNodes,
  sidecarServes,
  countedRepeats,
  podsInNamespace,
  diskAsked,
  claimOnOneNode,
  canonicalQuantities,
  guaranteed,
  startupBudget,
  gracePeriod,
  probePorts,
  workloadSelector,
  selectsSomething,
  configMapSize,
  lastAppliedSize,
  noTtl,
  bounded,
  pinnedImages,
};

/** Everything that is wrong with the manifests, not just the first. */
export function violationsOf(objects: readonly Located[], facts: Facts): Violation[] {
  return Object.values(RULES).flatMap((rule) => rule({ objects, facts }));
}

/** `Job measure-…: spec.template…: 2 GPUs …; fix` */
export function formatViolation({ object, where, problem, fix }: Violation): string {
  const place = where === '' ? '' : ` ${where}:`;
  return `${kindOf(object)} ${nameOf(object)}:${place} ${problem} (${fix})`;
}

/**
 * Checks every object of the app when it is synthesized: cdk8s collects what the validations say over the whole tree and
 * reports it together, each line with its construct's path. To be called when the charts are complete.
 */
export function addRules(app: App, facts: Facts): void {
  const objects = app.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  let found: Map<string, string[]> | undefined;
  const check = (): Map<string, string[]> => {
    const located = objects.map((object) => ({ path: object.node.path, manifest: object.toJson() as Manifest }));
    const lines = new Map<string, string[]>();
    for (const violation of violationsOf(located, facts)) {
      const { path } = violation.object;
      lines.set(path, [...(lines.get(path) ?? []), formatViolation(violation)]);
    }
    return lines;
  };
  for (const object of objects)
    object.node.addValidation({
      // The rules look at all objects at once, and cdk8s asks each one again for every chart.
      validate: () => (found ??= check()).get(object.node.path) ?? [],
    });
}
