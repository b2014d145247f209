import { createHash } from 'node:crypto';
import type { Spec } from './schema.js';

/** What is measured: one variant at one batch size and concurrency. */
export interface Cell {
  readonly variant: string;
  /** Samples in one request. */
  readonly batch: number;
  /** Requests in flight. */
  readonly concurrency: number;
}

/** One repeat of a cell: one fresh perf_analyzer process. */
export interface PlannedMeasurement extends Cell {
  /** From 1. */
  readonly repeat: number;
  /** `native_tf-b32-c1-r1`: unique in a run, safe in a file name. */
  readonly id: string;
  /** A canary stands first and last in a run and is none of its cells. */
  readonly role: 'cell' | 'canary';
}

export function cellsOf(spec: Spec): Cell[] {
  return spec.batches.flatMap((batch) =>
    spec.variants.map((variant) => ({ variant, batch, concurrency: spec.concurrency })),
  );
}

/**
 * Every measurement of a cell that a run owes, repeats outermost: a run stopped half-way still has every cell about equally
 * often. Within a repeat the cells come in a random order, so that what changes with time does not fall on the same cells:
 * that of the SHA-256 of `seed/id`, which anyone can compute again.
 */
export function plannedMeasurements(spec: Spec): PlannedMeasurement[] {
  const repeats = Array.from({ length: spec.repeats }, (_, i) => i + 1);
  return repeats.flatMap((repeat) =>
    cellsOf(spec)
      .map((cell) => ({ ...cell, repeat, id: measurementId(cell, repeat), role: 'cell' as const }))
      .map((item) => ({ item, key: orderKey(spec.design.seed, item.id) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ item }) => item),
  );
}

function orderKey(seed: number, id: string): string {
  return createHash('sha256').update(`${seed}/${id}`).digest('hex');
}

export function measurementId(cell: Cell, repeat: number): string {
  return `${cell.variant}-b${cell.batch}-c${cell.concurrency}-r${repeat}`;
}

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, at: unknown) =>
    typeof at === 'object' && at !== null && !Array.isArray(at)
      ? Object.fromEntries(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1)))
      : at,
  );
}

/** First 12 hex digits of the SHA-256 of any JSON value: the kit's content key. */
export function contentKey(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 12);
}

/**
 * Hash of everything in a spec that can change a measurement: all but the name of the run, where Git is, and which nodes a
 * fleet has. How many pods measure on a node at once does change it.
 */
export function specHash(spec: Spec): string {
  const fleet = spec.fleet === undefined ? undefined : { mode: spec.fleet.mode };
  return contentKey({ ...spec, fleet, gitops: undefined, cluster: { ...spec.cluster, runId: undefined } });
}
