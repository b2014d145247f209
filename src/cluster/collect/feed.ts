import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError, type Client, type KubernetesObject, type Resource, type RetryOptions } from '../client/index.js';

export type Change<T> =
  /** Some of what is there. */
  | { readonly kind: 'page'; readonly items: readonly T[] }
  /** A list is complete: what was not in its pages since the one before is gone. */
  | { readonly kind: 'listed'; readonly uids: ReadonlySet<string> }
  | { readonly kind: 'changed'; readonly item: T }
  | { readonly kind: 'deleted'; readonly item: T };

export interface FeedOptions<T> {
  readonly labelSelector: string;
  /** What is kept of an object. */
  readonly keep: (item: T) => T;
  /** End after the first list. */
  readonly once: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly retry?: RetryOptions;
  /** List anew after this time even if the watch says nothing: one may hang without a sign. @default 300000 */
  readonly relistMs?: number;
}

/** Lists that expire before their last page. */
const MOST_LISTS = 5;

/**
 * What is there and what becomes of it: a list, then a watch from where the list ended. Where the watch cannot go on (410, cut
 * off, silent for long) it is listed again; such lists are at least a second apart.
 * @throws ClusterError where the server keeps refusing
 */
export async function* feed<T extends KubernetesObject>(
  client: Client,
  resource: Resource,
  options: FeedOptions<T>,
): AsyncGenerator<Change<T>> {
  const { once, signal, relistMs = 300_000 } = options;
  while (signal?.aborted !== true) {
    const began = Date.now();
    const version = yield* listing(client, resource, options);
    if (once) return;
    yield* watching(client, resource, options, version, began + relistMs);
    const pause = 1000 - (Date.now() - began);
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** A list that expires between two pages (410) is begun anew; its pages may come twice. */
async function* listing<T extends KubernetesObject>(
  client: Client,
  resource: Resource,
  { labelSelector, keep, signal, retry = {} }: FeedOptions<T>,
): AsyncGenerator<Change<T>, string> {
  for (let attempt = 1; ; attempt++)
    try {
      const uids = new Set<string>();
      let version = '';
      for await (const page of client.pages<T>(resource, { labelSelector, signal, retry: { ...retry, signal } })) {
        const items = page.items.map(keep);
        for (const item of items) uids.add(uidOf(item));
        version = page.resourceVersion;
        yield { kind: 'page', items };
      }
      yield { kind: 'listed', uids };
      return version;
    } catch (error) {
      if (!(error instanceof ClusterError) || error.kind !== 'gone' || attempt >= MOST_LISTS) throw error;
    }
}

/** Until a list is due. */
async function* watching<T extends KubernetesObject>(
  client: Client,
  resource: Resource,
  { labelSelector, keep, signal }: FeedOptions<T>,
  from: string,
  until: number,
): AsyncGenerator<Change<T>> {
  let resourceVersion = from;
  while (signal?.aborted !== true) {
    const seconds = Math.floor((until - Date.now()) / 1000);
    if (seconds <= 0) return;
    const options = { labelSelector, resourceVersion, seconds, signal };
    try {
      for await (const { type, object } of client.watch<T>(resource, options)) {
        resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
        if (type !== 'BOOKMARK') yield { kind: type === 'DELETED' ? 'deleted' : 'changed', item: keep(object) };
      }
    } catch (error) {
      // What went wrong shows again, or is over, at the list.
      if (error instanceof ClusterError) return;
      throw error;
    }
  }
}

const uidOf = (item: KubernetesObject): string => item.metadata.uid ?? item.metadata.name;
