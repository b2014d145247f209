import type { Spec } from '../spec/index.js';
import { precisionOf, type Precision } from '../triton/index.js';

/** The `engines` part of settings.json; nothing for a spec without TensorRT variants. */
export function engineSettings(spec: Spec): Record<string, unknown> {
  const precisions = enginePrecisions(spec);
  if (precisions.length === 0) return {};
  const { minBatch, optBatch, maxBatch } = spec.engine;
  return {
    engines: {
      precisions,
      profile: { min: minBatch, opt: optBatch, max: maxBatch },
      // No limit, as published: TensorRT may use what is free on the GPU.
      workspace_bytes: 0,
      image: spec.cluster.image,
    },
  };
}

/** Precisions of the spec's TensorRT variants, each once, in the spec's order. */
export function enginePrecisions(spec: Spec): Precision[] {
  const precisions = spec.variants.map(precisionOf).filter((precision) => precision !== null);
  return [...new Set(precisions)];
}
