import type { Spec } from '../spec/index.js';
import type { Conditions } from './conditions.js';
import { differencesFromPage, specDifferences, type SettingDifference } from './spec-differences.js';

/** What two sides must share, unless told otherwise. */
export const GUARDED = ['hardware', 'spec', 'image'] as const;
export type Guarded = (typeof GUARDED)[number];

/** Why two sides cannot simply be compared, in a sentence. */
export interface Difference {
  readonly kind: Guarded;
  readonly text: string;
}

/** Every difference that forbids a comparison of two runs. */
export function differences(a: Conditions, b: Conditions): Difference[] {
  return [...ofValues('hardware', a, b), ...ofSpecs(a, b), ...ofValues('image', a, b)];
}

/** What was compared with: GPU, image and settings of the published page. */
export interface PublishedConditions {
  readonly hardware: string;
  readonly image: string;
  readonly spec: Spec;
  readonly specHash: string;
}

/** Every difference that makes a run no reproduction of the published page. */
export function differencesFromPublished(a: Conditions, page: PublishedConditions): Difference[] {
  const side: Conditions = {
    name: 'the page',
    hardware: [page.hardware],
    withoutGpu: false,
    image: [],
    others: [],
    ...specOf(page),
  };
  const found: Difference[] = [...ofValues('hardware', a, side)];
  if (a.spec !== undefined) found.push(...settings(a, side, differencesFromPage(a.spec, page.spec)));
  else if (a.specHash !== page.specHash) found.push(unknownSpec(a, side));
  // The page names Triton's release wrongly for its own image, so only the image counts.
  if (a.image.length === 0 || a.image.some((image) => image.split(', ')[0] !== page.image))
    found.push({ kind: 'image', text: `${told(a, a.image)}; the page used ${page.image}` });
  return found;
}

const specOf = ({ spec, specHash }: PublishedConditions) => ({ spec, specHash });

function ofValues(kind: 'hardware' | 'image', a: Conditions, b: Conditions): Difference[] {
  const [first, second] = [a[kind], b[kind]];
  if (first.length === 1 && second.length === 1 && first[0] === second[0]) return [];
  return [{ kind, text: `${told(a, first)}; ${told(b, second)}` }];
}

function told(side: Conditions, values: readonly string[]): string {
  if (values.length === 0) return `${side.name}: not recorded`;
  return values.length === 1 ? `${side.name}: ${String(values[0])}` : `${side.name}: several (${values.join('; ')})`;
}

function ofSpecs(a: Conditions, b: Conditions): Difference[] {
  if (a.specHash === b.specHash) return [];
  if (a.spec === undefined || b.spec === undefined) return [unknownSpec(a, b)];
  return settings(a, b, specDifferences(a.spec, b.spec));
}

function settings(a: Conditions, b: Conditions, differing: readonly SettingDifference[]): Difference[] {
  return differing.map((one) => ({ kind: 'spec', text: `${one.path}: ${one.a} in ${a.name}, ${one.b} in ${b.name}` }));
}

function unknownSpec(a: Conditions, b: Conditions): Difference {
  const silent = [a, b].filter((side) => side.spec === undefined).map((side) => side.name);
  return {
    kind: 'spec',
    text: `${a.name}: ${a.specHash}; ${b.name}: ${b.specHash}; in what they differ is not known, because ${silent.join(' and ')} has no run.json beside its records`,
  };
}

/** Differences that nobody allowed; empty: go on. */
export function refused(found: readonly Difference[], allowed: readonly Guarded[]): Difference[] {
  return found.filter(({ kind }) => !allowed.includes(kind));
}
