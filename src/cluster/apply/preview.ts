import { canonicalJson } from '../../spec/index.js';
import { ClusterError, resourceOf, type Client, type KubernetesObject } from '../client/index.js';

/** An object to apply. */
export type Wanted = KubernetesObject & { readonly apiVersion: string; readonly kind: string };

export interface Conflict {
  /** `Deployment triton-1a2b3c4d`. */
  readonly object: string;
  /** Owner of the field, such as `kubectl-client-side-apply`. */
  readonly owner: string;
  /** What it owns, such as `.spec.template…`, as the API server names it. */
  readonly fields: readonly string[];
}

/** What an apply would do, found out without doing it. */
export interface Preview {
  /** `kind name` of what is not there yet. */
  readonly created: readonly string[];
  /** Of what is there and would be changed. */
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  /** Fields that somebody else owns with another value. */
  readonly conflicts: readonly Conflict[];
}

const AT_ONCE = 8;

export const nameOf = ({ kind, metadata }: Wanted): string => `${kind} ${metadata.name}`;

/** Asks the API server what an apply of these objects would do. Nothing is changed. @throws ClusterError */
export async function preview(client: Client, objects: readonly Wanted[]): Promise<Preview> {
  const outcomes = await inTurns(objects, (object) => outcomeOf(client, object));
  const named = (wanted: string): string[] =>
    objects.filter((_, i) => outcomes[i] === wanted).map((object) => nameOf(object));
  return {
    created: named('created'),
    changed: named('changed'),
    unchanged: named('unchanged'),
    conflicts: outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome)),
  };
}

async function outcomeOf(client: Client, object: Wanted): Promise<string | Conflict[]> {
  const { name, namespace } = object.metadata;
  const there = await client.get(resourceOf(object), name, namespace);
  if (there === undefined) return 'created';
  try {
    const then = await client.apply(object, { dryRun: true });
    return content(then) === content(there) ? 'unchanged' : 'changed';
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'conflict') return conflictsIn(nameOf(object), error.message);
    throw error;
  }
}

/** An object without what an apply always writes. */
function content(object: KubernetesObject): string {
  const written = { managedFields: undefined, resourceVersion: undefined, generation: undefined };
  return canonicalJson({ ...object, metadata: { ...object.metadata, ...written } });
}

/**
 * Owners and fields of the API server's message:
 * `Apply failed with 2 conflicts: conflicts with "kubectl" using apps/v1:\n- .spec.replicas\n- .spec.paused`
 */
export function conflictsIn(object: string, message: string): Conflict[] {
  const found = message
    .split(/conflicts? with (?=")/)
    .slice(1)
    .map((part): Conflict => {
      const owner = /^"([^"]+)"/.exec(part)?.[1] ?? '';
      const fields = [...part.matchAll(/^- (\S+)|: (\.\S+)/gm)].map(([, listed, only]) => listed ?? only ?? '');
      return { object, owner, fields };
    });
  return found.length > 0 ? found : [{ object, owner: 'somebody else', fields: [] }];
}

/** At most a few calls at once, in the order of the items. */
async function inTurns<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE)
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(call))));
  return results;
}
