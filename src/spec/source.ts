import type { PathPart } from './locate.js';

/** Where a setting was written, so that a message can point at it. */
export interface Source {
  readonly name: string;
  readonly value: unknown;
  /** Path of the file; undefined for what was written on the command line. */
  readonly file?: string;
  /** `file:line:column` of a value, or of the unknown key beneath it. */
  readonly where: (path: readonly PathPart[], unknownKey?: string) => string;
}

/** The last source that holds the path wrote it. */
export function whereOf(sources: readonly Source[], path: readonly PathPart[], unknownKey?: string): string {
  for (const source of [...sources].reverse())
    if (holds(source.value, path, unknownKey)) return source.where(path, unknownKey);
  return sources.at(-1)?.where(path) ?? 'spec';
}

function holds(value: unknown, path: readonly PathPart[], key?: string): boolean {
  let at = value;
  for (const part of key === undefined ? path : [...path, key]) {
    if (typeof at !== 'object' || at === null || !(part in at)) return false;
    at = (at as Record<PathPart, unknown>)[part];
  }
  return true;
}
