import type { Client } from '../client/index.js';
import { RefusedError } from '../refused.js';
import { nameOf, type Conflict, type Wanted } from './preview.js';

export interface ApplyOptions {
  /** Takes over fields that somebody else owns with another value. @default they are a ClusterError */
  readonly takeOver: boolean;
  /** Told of each object that was applied. */
  readonly onApplied: (name: string, done: number, total: number) => void;
  /** Whether to stop after the object under way. */
  readonly stop: () => boolean;
}

/**
 * Applies the objects one after the other, in their order: the namespace is there before what is in it, and a run that is
 * stopped half-way has a beginning and no gaps.
 * @returns how many were applied
 */
export async function applyAll(client: Client, objects: readonly Wanted[], options: ApplyOptions): Promise<number> {
  for (const [index, object] of objects.entries()) {
    if (options.stop()) return index;
    await client.apply(object, { force: options.takeOver });
    options.onApplied(nameOf(object), index + 1, objects.length);
  }
  return objects.length;
}

/** Who owns what, and what to do about it. */
export function conflictError(conflicts: readonly Conflict[]): RefusedError {
  const lines = conflicts.map(
    ({ object, owner, fields }) => `  ${object}: ${fields.join(', ') || 'a field'} is ${owner}'s`,
  );
  const owners = [...new Set(conflicts.map(({ owner }) => owner))];
  return new RefusedError(
    ['nothing was applied: others own fields that this run would change', ...lines, ...owners.map(fixFor)].join('\n'),
  );
}

function fixFor(owner: string): string {
  if (owner.startsWith('argocd'))
    return `  ${owner}: Argo CD keeps these objects: change them in Git, or pause its sync first`;
  if (owner.startsWith('kubectl'))
    return `  ${owner}: changed by hand with kubectl: --take-over sets these fields back to the spec's`;
  return `  ${owner}: ask whoever runs it, or give --take-over to set these fields to the spec's`;
}
