import { canonicalJson, contentKey } from '../spec/index.js';

/** Key while it is being computed, and in the rule that computes it again. */
export const NO_KEY = '00000000';

/** The key in a name: `measure-1f2e3d4c-run-1`. */
const KEY_IN_NAME = /-([0-9a-f]{8})(?=-|$)/;

/** The part of a manifest that its name stands for. */
interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: unknown;
  readonly data?: unknown;
  readonly binaryData?: unknown;
}

/**
 * Objects whose names carry what is in them. `build` gets the key and returns every object that is named with it: a Job
 * and the ConfigMap it cannot be told from share one, because the ConfigMap holds the Job's name and the Job mounts it.
 * The objects may be immutable: anything else in them has another name.
 */
export function keyed<const T extends readonly Named[]>(build: (key: string) => T): T {
  return build(keyOf(build(NO_KEY), NO_KEY));
}

/** The key of objects that were built with `used` for a key. */
export function keyOf(objects: readonly Named[], used: string): string {
  const contents = objects
    .map(({ kind, spec, data, binaryData }) => canonicalJson({ kind, spec, data, binaryData }).replaceAll(used, NO_KEY))
    .sort();
  return contentKey(contents).slice(0, 8);
}

export function keyInName(name: string): string | undefined {
  return KEY_IN_NAME.exec(name)?.[1];
}
