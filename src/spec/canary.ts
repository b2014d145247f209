import { type Cell, measurementId, plannedMeasurements, type PlannedMeasurement } from './cells.js';
import type { Spec } from './schema.js';

/** Before and after the cells, each. */
const MEASUREMENTS = 3;

/** The cell that is measured first and last, and how often each time. */
export interface Canary extends Cell {
  readonly measurements: number;
}

/** The spec's canary; undefined where it has none: with one repeat nothing tells drift from noise. */
export function canaryOf(spec: Spec): Canary | undefined {
  const { canary } = spec.design;
  const measurements = canary.measurements ?? (spec.repeats > 1 ? MEASUREMENTS : 0);
  // With `isolation: variant` a run serves one variant, which need not be the one that is named.
  const named = spec.variants.find((variant) => variant === canary.variant);
  const variant = named ?? spec.variants.at(-1);
  const sorted = [...spec.batches].sort((a, b) => a - b);
  const batch = canary.batch ?? sorted[Math.floor(sorted.length / 2)];
  if (measurements === 0 || variant === undefined || batch === undefined) return undefined;
  return { variant, batch, concurrency: spec.concurrency, measurements };
}

/** The canary's measurements: repeats 1 to n come first in the run, n + 1 to 2n last. */
export function plannedCanaries(spec: Spec): { first: PlannedMeasurement[]; last: PlannedMeasurement[] } {
  const canary = canaryOf(spec);
  if (canary === undefined) return { first: [], last: [] };
  const { measurements, ...cell } = canary;
  const from = (start: number): PlannedMeasurement[] =>
    Array.from({ length: measurements }, (_, i) => {
      const repeat = start + i;
      return { ...cell, repeat, id: `canary-${measurementId(cell, repeat)}`, role: 'canary' };
    });
  return { first: from(1), last: from(1 + measurements) };
}

/** Everything a run measures, in its order. */
export function plannedRun(spec: Spec): PlannedMeasurement[] {
  const { first, last } = plannedCanaries(spec);
  return [...first, ...plannedMeasurements(spec), ...last];
}
