import type { Spec } from '../spec/schema.js';

/**
 * Rows of each of the 26 embedding tables of Criteo 1TB at frequency threshold 15, in slot order
 * (DeepLearningExamples' `criteo_t15_synthetic`); 32,709,138 in all, the row count of the published page.
 */
export const CRITEO_T15: readonly number[] = [
  7912889, 33823, 17139, 7339, 20046, 4, 7105, 1382, 63, 5554114, 582469, 245828, 11, 2209, 10667, 104, 4, 968, 15,
  8165896, 2675940, 7156453, 302516, 12022, 97, 35,
];

/** Numbers besides the keys in one sample. */
export const DENSE_FEATURES = 13;

/** Rows of each table of a spec: the preset's times `model.scale`, rounded up so that none is empty. */
export function cardinalities(model: Spec['model']): number[] {
  return CRITEO_T15.map((rows) => Math.ceil(rows * model.scale));
}

/** Rows of the fused table: keys 0 … rows-1. */
export function tableRows(model: Spec['model']): number {
  return cardinalities(model).reduce((sum, rows) => sum + rows, 0);
}

/** Bytes of the float32 table on disk. */
export function tableBytes(model: Spec['model']): number {
  return tableRows(model) * model.embeddingWidth * 4;
}
