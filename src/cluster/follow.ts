import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, retrying } from './client/index.js';
import { Reader, viewOf, type RunView } from './status/index.js';

/** Between two looks. */
const EVERY_MS = 2000;

export interface FollowOptions {
  readonly onView: (view: RunView) => void;
  /** Ends the following; the run goes on. */
  readonly signal: AbortSignal;
}

/**
 * Follows runs that take turns until each is over. An API server that is away for a while is waited for.
 * @returns the last view of each; undefined where the signal came first
 */
export async function follow(
  client: Client,
  runs: readonly string[],
  { onView, signal }: FollowOptions,
): Promise<RunView[] | undefined> {
  const reader = new Reader(client, client.namespace);
  while (!signal.aborted) {
    const seen = await retrying(() => reader.look(), { signal, attempts: Infinity });
    const views = runs.map((run) => viewOf(seen, run));
    const current = views.find(({ over }) => !over) ?? views.at(-1);
    if (current !== undefined) onView(current);
    if (views.every(({ over }) => over)) return views;
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
