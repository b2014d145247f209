/** What every stage works with. */
import { ApiError } from './api.js';
import { isoTime, type Clock } from './clock.js';
import type { Cluster } from './cluster.js';
import type { AnyPlan, StageName } from './plan.js';
import { failureSentence, type Failure, type RunStatus } from './status.js';
import { lastWords, type PodFailure } from './pods.js';

export interface Run {
  readonly plan: AnyPlan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** As published; every change is published before the next one is made. */
  readonly status: RunStatus;
  /** Writes the status into the results ConfigMap; `false`: not just for a message. @default true */
  readonly publish: (now?: boolean) => Promise<void>;
  /**
   * An event on the conductor's Job and a line in its log: told before the change that it tells of, so that no crash loses it.
   * `key` is what it is about, such as the stage: told again it stays one event.
   */
  readonly tell: (reason: string, key: string, message: string, warning?: boolean) => Promise<void>;
}

/** What a look at a stage comes to. */
export type Outcome =
  | { readonly kind: 'running'; readonly message: string }
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

export const running = (message: string): Outcome => ({ kind: 'running', message });
export const done = (message: string): Outcome => ({ kind: 'done', message });

/** A stage that failed for a reason that no pod has. */
export function failedBecause(stage: StageName, summary: string): Outcome {
  return { kind: 'failed', failure: { stage, summary, log: [] } };
}

/** A stage that failed with a pod: with the last lines of the container, as long as they can be had. */
export async function failedPod(run: Run, stage: StageName, why: PodFailure, also = ''): Promise<Outcome> {
  const { pod, container, exitCode, previous } = why;
  const log = exitCode === null && container !== null ? [] : await lastLines(run, pod, container, previous);
  const sentence = failureSentence(why);
  const words = lastWords(why.message);
  const said = words === '' || sentence.includes(words) ? '' : `: ${words}`;
  const summary = `${sentence}${said}${also === '' ? '' : `; ${also}`}`;
  return { kind: 'failed', failure: { stage, summary, ...why, log } };
}

async function lastLines(
  { cluster }: Run,
  pod: string,
  container: string | null,
  previous: boolean,
): Promise<string[]> {
  const lines = await cluster.lastLines(pod, container, previous);
  // A container that was restarted once more has its cause in the log before; one that was not, in this one.
  return lines.length > 0 || !previous ? lines : cluster.lastLines(pod, container);
}

export const now = (run: Run): string => isoTime(run.clock);

/** Asks, and takes no answer for an answer: for what is nice to know only. */
export async function ifPossible<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
