import type { RunStatus } from '../../../jobs/conductor/status.js';

export const VIEW_SCHEMA = 'hps-bench/cluster-status/1';

/** `waiting`: its conductor has not begun. */
export type ViewState = RunStatus['state'] | 'waiting';

export interface StageView {
  readonly stage: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** How long it took, or has been taking; null before it begins. */
  readonly seconds: number | null;
  readonly message: string;
}

/** One run as a person wants to see it; times are ISO 8601. */
export interface RunView {
  readonly schema: typeof VIEW_SCHEMA;
  readonly at: string;
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  readonly run: string;
  readonly specHash: string | null;
  readonly state: ViewState;
  readonly message: string;
  /** Whether nothing will change any more by itself. */
  readonly over: boolean;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly secondsLeft: number | null;
  readonly stages: readonly StageView[];
  readonly measurements: RunStatus['measurements'] | null;
  /** Cells of which every repeat is measured; null where the spec is not known any more. */
  readonly cells: { readonly done: number; readonly total: number } | null;
  /** Pods that do not run yet though it is their turn, and why. */
  readonly waiting: readonly { readonly what: string; readonly why: string }[];
  readonly gpu: { readonly held: number; readonly pods: readonly string[] };
  /** Replicas that Triton's Deployment is to have; null where there is none. */
  readonly triton: number | null;
  /** The last few, the newest last. */
  readonly events: readonly {
    readonly at: string;
    readonly reason: string;
    readonly message: string;
    readonly warning: boolean;
  }[];
  readonly failure: RunStatus['failure'];
  /** The ConfigMap that holds the results; null before there is one. */
  readonly results: string | null;
  readonly notes: readonly string[];
  /** Other runs of the namespace. */
  readonly others: readonly {
    readonly run: string;
    readonly state: ViewState;
    readonly measured: number;
    readonly expected: number;
  }[];
}
