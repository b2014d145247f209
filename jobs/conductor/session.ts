/** A run as it was read from the cluster, and what goes on from there. */
import { isoTime, type Clock } from './clock.js';
import type { Cluster } from './cluster.js';
import { EvidenceBook } from './evidence-book.js';
import { MeasureStage } from './measure-stage.js';
import { resultsName, type AnyPlan } from './plan.js';
import { Publisher } from './publisher.js';
import { publishedIn } from './results.js';
import type { Run } from './run.js';
import { firstStatus } from './status.js';
import type { IsReady } from './triton.js';

export interface Session {
  readonly run: Run;
  readonly measure: MeasureStage;
  readonly ready: IsReady;
}

export interface SessionOptions {
  readonly plan: AnyPlan;
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly ready: IsReady;
  /** A line in the conductor's log. */
  readonly say: (line: string) => void;
}

/** Reads how far the run is. @throws ApiError; StateError where the results are another's */
export async function openSession({ plan, clock, cluster, ready, say }: SessionOptions): Promise<Session> {
  const map = await cluster.configMap(resultsName(plan.runId));
  const published = map && publishedIn(map, plan);
  const status = published?.status ?? firstStatus(plan, isoTime(clock));
  const book = new EvidenceBook(plan, cluster, clock);
  book.seed(published?.records ?? []);
  const publisher = new Publisher(plan, cluster, clock, book, map?.metadata.resourceVersion);
  const run: Run = {
    plan,
    cluster,
    clock,
    status,
    publish: (now = true) => {
      say(status.message);
      return publisher.publish(status, now);
    },
    tell: async (reason, key, message, warning = false) => {
      say(`${reason}: ${message}`);
      await cluster.event(plan.conductorJob, { reason, key, message, warning, at: isoTime(clock) });
    },
  };
  return { run, measure: new MeasureStage(book, ready), ready };
}
