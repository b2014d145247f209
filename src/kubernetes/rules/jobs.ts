import type { V1JobSpec } from '@kubernetes/client-node';
import { containersOf, kindOf, podsOf, type Rule } from './manifest.js';

/** A Job that removes itself is made again by whoever keeps the manifests applied: the benchmark would run again. */
export const noTtl: Rule = ({ objects }) =>
  objects
    .filter((object) => kindOf(object) === 'Job')
    .flatMap((object) => {
      const seconds = (object.manifest['spec'] as V1JobSpec | undefined)?.ttlSecondsAfterFinished;
      if (seconds === undefined) return [];
      return [
        {
          object,
          where: 'spec.ttlSecondsAfterFinished',
          problem: `${seconds}: the Job goes when it is over, and GitOps or the next apply makes it and runs it again`,
          fix: 'leave it out, and remove old runs by their label hps-bench/run',
        },
      ];
    });

/** Nothing may wait for ever. */
export const bounded: Rule = ({ objects }) =>
  podsOf(objects)
    .filter(({ object }) => kindOf(object) === 'Job')
    .flatMap(({ object, spec, where }) => {
      const job = object.manifest['spec'] as V1JobSpec;
      const missing = [
        ...(job.activeDeadlineSeconds === undefined ? ['spec.activeDeadlineSeconds'] : []),
        ...(spec.activeDeadlineSeconds === undefined ? [`${where}.activeDeadlineSeconds`] : []),
      ];
      return missing.map((path) => ({
        object,
        where: path,
        problem: 'is missing, so a stage that hangs would never end',
        fix: 'set it from boundsOf()',
      }));
    });

/** An image that can change between runs makes them incomparable. */
export const pinnedImages: Rule = ({ objects }) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap(({ container, where }) => {
      const image = container.image ?? '';
      const last = image.slice(image.lastIndexOf('/') + 1);
      if (/@sha256:[0-9a-f]{64}$/.test(image) || (/:[\w][\w.-]*$/.test(last) && !last.endsWith(':latest'))) return [];
      return [
        {
          object: pod.object,
          where: `${where}.image`,
          problem: `${JSON.stringify(image)} has no tag that stays`,
          fix: 'give a version or a digest',
        },
      ];
    }),
  );
