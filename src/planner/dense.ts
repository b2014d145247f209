import { CRITEO_T15, DENSE_FEATURES } from '../dlrm/slots.js';
import type { Spec } from '../spec/index.js';

const FLOAT = 4;
/** Vectors that interact in a sample: one of each slot, and the bottom MLP's output. */
const VECTORS = CRITEO_T15.length + 1;

/**
 * Weights and biases of both MLPs: 13-512-256-width below, and 1024-1024-512-256-1 above the bottom output joined with
 * the products of every pair of vectors.
 * Source: NVIDIA, HugeCTR documentation, hps_dlrm_benchmark_scripts/create_tf_models.py.
 */
export function denseParameters(model: Spec['model']): number {
  const width = model.embeddingWidth;
  const bottom = [DENSE_FEATURES, 512, 256, width];
  const top = [width + (VECTORS * (VECTORS - 1)) / 2, 1024, 1024, 512, 256, 1];
  return [bottom, top]
    .flatMap((units) => units.slice(1).map((outputs, index) => ((units[index] ?? NaN) + 1) * outputs))
    .reduce((sum, layer) => sum + layer, 0);
}

/** Bytes of the dense weights in float32. */
export function denseBytes(model: Spec['model']): number {
  return denseParameters(model) * FLOAT;
}

/** The large intermediate tensors of one inference, in bytes of float32. */
export interface Activations {
  /** Looked-up vectors: batch × 26 × width. */
  readonly embeddings: number;
  /** The same with the bottom output: batch × 27 × width. */
  readonly concat: number;
  /** Products of all pairs: batch × 27 × 27. */
  readonly gram: number;
}

/** Sizes of the intermediate tensors at a batch. Source: shapes in create_tf_models.py (see `denseParameters`). */
export function activations(model: Spec['model'], batch: number): Activations {
  return {
    embeddings: batch * CRITEO_T15.length * model.embeddingWidth * FLOAT,
    concat: batch * VECTORS * model.embeddingWidth * FLOAT,
    gram: batch * VECTORS * VECTORS * FLOAT,
  };
}

/** Their sum: what one session or engine holds at its largest batch. */
export function activationBytes(model: Spec['model'], batch: number): number {
  const { embeddings, concat, gram } = activations(model, batch);
  return embeddings + concat + gram;
}
