import { publishedLatency } from '../dlrm/published.js';
import type { Cell, Spec } from '../spec/index.js';
import { DEFAULT_SEQUENTIAL, publishedReference, type SequentialTable, sequentialTable } from '../verdict/index.js';

/** When a cell of this spec has had enough repeats; undefined with `design.adaptive: off`. */
export interface AdaptiveDesign {
  readonly table: SequentialTable;
  /** Natural logarithm of the published figure in µs; undefined for a cell that the page does not have. */
  readonly referenceOf: (cell: Pick<Cell, 'variant' | 'batch'>) => number | undefined;
}

export function adaptiveDesign(spec: Spec): AdaptiveDesign | undefined {
  if (spec.design.adaptive === 'off') return undefined;
  const referenceOf = ({ variant, batch }: Pick<Cell, 'variant' | 'batch'>): number | undefined => {
    const found = publishedLatency(variant, batch);
    return found?.exact === true ? publishedReference(found.microseconds).logMean : undefined;
  };
  const cells = spec.variants.flatMap((variant) => spec.batches.filter((batch) => referenceOf({ variant, batch })));
  const options = { ...DEFAULT_SEQUENTIAL, cells: Math.max(1, cells.length), maxRepeats: spec.repeats };
  return { table: sequentialTable({ repeats: null, degreesOfFreedom: 0 }, options), referenceOf };
}

/** The `adaptive` part of measure.py's settings (jobs/hpsb_adaptive.py); null where every repeat is made. */
export function adaptiveSettings(spec: Spec): Record<string, unknown> | null {
  const design = adaptiveDesign(spec);
  if (design === undefined) return null;
  const cells = spec.variants.flatMap((variant) =>
    spec.batches.map((batch) => [`${variant}/${batch}`, design.referenceOf({ variant, batch })] as const),
  );
  const { margin, futileBelow, looks } = design.table;
  return {
    margin,
    futile_below: futileBelow,
    looks,
    references: Object.fromEntries(cells.filter(([, logMean]) => logMean !== undefined)),
  };
}
