import { PAGE_BATCHES } from '../spec/page-batches.js';

/**
 * Mean server-side `compute infer` of the published table, in microseconds, by variant and in the order of the page's 11
 * batches. Source: NVIDIA, HugeCTR documentation, "Benchmark the DLRM Model with HPS", Results (A100-SXM4-80GB, two EPYC
 * 7742, one Triton instance, the same batch sent over and over).
 */
export const PUBLISHED_MICROSECONDS: Readonly<Record<string, readonly number[]>> = {
  native_tf: [551, 608, 832, 1911, 4580, 9872, 19643, 35292, 54090, 107742, 213990],
  tf_with_hps: [612, 667, 639, 849, 1059, 1459, 2490, 4131, 7795, 15036, 29374],
  fp32_trt_with_hps: [380, 381, 438, 604, 927, 1446, 2432, 4355, 6816, 13012, 25440],
  fp16_trt_with_hps: [389, 346, 428, 534, 766, 1114, 1767, 3053, 5247, 10022, 19340],
};

/** On what and in which image the page was measured; its settings are those of the preset a100-page. */
export const PUBLISHED_HARDWARE = 'A100-SXM4-80GB';
export const PUBLISHED_IMAGE = 'nvcr.io/nvidia/merlin/merlin-tensorflow:23.02';

/** A figure of the page, or one drawn from its neighbours. */
export interface PublishedLatency {
  /** Compute infer of one request, in microseconds. */
  readonly microseconds: number;
  /** Whether the page has this very batch. */
  readonly exact: boolean;
}

/**
 * The page's latency of a variant at a batch; undefined for a variant that the page does not have. Between two published
 * batches it is interpolated linearly in log(batch), log(latency), as the page's figure draws it; below 32 it is the
 * latency at 32, above 131072 it grows in proportion.
 */
export function publishedLatency(variant: string, batch: number): PublishedLatency | undefined {
  const figures = PUBLISHED_MICROSECONDS[variant];
  if (figures === undefined) return undefined;
  const points = PAGE_BATCHES.map((at, index) => ({ batch: at, us: figures[index] ?? NaN }));
  const exact = points.find((point) => point.batch === batch);
  if (exact !== undefined) return { microseconds: exact.us, exact: true };
  const above = points.find((point) => point.batch > batch);
  const below = points.findLast((point) => point.batch < batch);
  return { microseconds: between(below, above, batch), exact: false };
}

interface Point {
  readonly batch: number;
  readonly us: number;
}

function between(below: Point | undefined, above: Point | undefined, batch: number): number {
  if (below === undefined) return above?.us ?? NaN;
  if (above === undefined) return (below.us * batch) / below.batch;
  const share = Math.log(batch / below.batch) / Math.log(above.batch / below.batch);
  return below.us * (above.us / below.us) ** share;
}
