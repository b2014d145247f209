import { variantOf, type Spec } from '../spec/index.js';

/** Where a spec runs. */
export type Place = 'cluster' | 'local';

/** GPUs that a run on a cluster holds at once: `cluster.gpus`, one where a spec does not say. */
export function gpusOf(spec: Spec): number {
  const cluster: object & { readonly gpus?: number } = spec.cluster;
  return cluster.gpus ?? 1;
}

/** This machine if a variant can be served nowhere else and none needs a cluster or asks for one without GPUs. */
export function placeOf(spec: Spec): Place {
  const variants = spec.variants.map(variantOf);
  const here = variants.every(({ local }) => local) && variants.some(({ cluster }) => !cluster);
  return here && gpusOf(spec) > 0 ? 'local' : 'cluster';
}

/** Whether a run of it on one machine takes that machine's GPU. */
export function takesLocalGpu(spec: Spec): boolean {
  return spec.variants.every((id) => variantOf(id).torch !== undefined);
}
