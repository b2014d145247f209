import { CONFIG_MAPS, retrying, type Client, type KubernetesObject, type RetryOptions } from '../client/index.js';
import type { ClusterRun } from './run-plan.js';

/** What the conductor published of its run. */
export interface Conductor {
  /** Nothing more will happen: the GPU is free, the results are published. */
  readonly finished: boolean;
  /** Why measuring did not begin or ended; undefined while all goes well. */
  readonly failure: string | undefined;
}

/** Reads status.json of the run's results ConfigMap; undefined where there is no conductor, or nothing of it yet. */
export async function conductorSays(
  client: Client,
  run: ClusterRun,
  retry: RetryOptions,
): Promise<Conductor | undefined> {
  type Results = KubernetesObject & { readonly data?: Readonly<Record<string, string>> };
  const map = await retrying(() => client.get<Results>(CONFIG_MAPS, `results-${run.runId}`), retry);
  try {
    const status = JSON.parse(map?.data?.['status.json'] ?? '') as {
      finishedAt?: string | null;
      failure?: { stage?: string; summary?: string } | null;
    };
    const { finishedAt, failure } = status;
    const said = failure == null ? undefined : `stage ${failure.stage ?? '?'} failed: ${failure.summary ?? ''}`;
    return { finished: finishedAt != null, failure: said };
  } catch {
    return undefined;
  }
}
