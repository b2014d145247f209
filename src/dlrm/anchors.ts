import { PAGE_BATCHES } from '../spec/page-batches.js';
import { PUBLISHED_MICROSECONDS } from './published.js';

/** A published line of latencies: one deployment at some batch sizes, on somebody else's machine. */
export interface Anchor {
  /** Who published it and when, short. */
  readonly source: string;
  readonly deployment: string;
  /** What was measured on what, in a sentence. */
  readonly about: string;
  /** Microseconds of one batch, by batch size. */
  readonly microseconds: ReadonlyMap<number, number>;
}

const PAGE = 'NVIDIA, 2023 (the page)';
const PAGE_ABOUT = 'compute infer on one A100-SXM4-80GB, Triton 22.11; native TF holds its table on the CPU';
const CI = 'NVIDIA, bounds of its CI';
const CI_ABOUT = 'not measured: compute infer had to stay below it in the CI of HugeCTR 23.02 to 23.12';
const FIRST = 'NVIDIA, 2022';
const FIRST_ABOUT = 'the first benchmark: latency on one A100 of a DGX A100; here native TF holds its table on the GPU';
const EXAMPLES = 'DeepLearningExamples';
const EXAMPLES_ABOUT =
  'NVIDIA, April 2023: compute infer of another DLRM (22 billion parameters) on one A100 80G, HPS backend and TensorRT';

/**
 * The four published sets of figures for a DLRM with HPS on Triton. Sources: HugeCTR documentation, "Benchmark the DLRM Model
 * with HPS" (the page) and its forerunner in the documentation of 4.0 to 4.3; HugeCTR 23.02 to 23.12,
 * ci/benchmark/hps_plugin_benchmark; NVIDIA DeepLearningExamples, DLRM and DCNv2 with Merlin HPS, April 2023. A batch that a
 * source does not have is left out, never interpolated.
 */
export const ANCHORS: readonly Anchor[] = [
  ...[
    ['Native TF', 'native_tf'],
    ['TF with HPS', 'tf_with_hps'],
    ['FP32 TRT with HPS', 'fp32_trt_with_hps'],
    ['FP16 TRT with HPS', 'fp16_trt_with_hps'],
  ].map(([deployment = '', id = '']) =>
    anchor(PAGE, deployment, PAGE_ABOUT, PAGE_BATCHES, PUBLISHED_MICROSECONDS[id] ?? []),
  ),
  anchor(CI, 'Native TF', CI_ABOUT, [32, 1024, 16384], [800, 3000, 50000]),
  anchor(CI, 'TF with HPS', CI_ABOUT, [32, 1024, 16384], [800, 1500, 6000]),
  anchor(CI, 'FP32 TRT with HPS', CI_ABOUT, [32, 1024, 16384], [600, 1000, 5000]),
  anchor(CI, 'FP16 TRT with HPS', CI_ABOUT, [32, 1024, 16384], [500, 800, 4000]),
  ...[
    ['Native TF, table on the GPU', [636, 756, 922, 1447, 3901, 13665, 29636]] as const,
    ['TF with HPS', [612, 669, 870, 1552, 4402, 15577, 29952]] as const,
    ['HPS backend and TF in an ensemble', [854, 1802, 4420, 23383, 82310, 617968, 1190025]] as const,
  ].map(([deployment, figures]) =>
    anchor(FIRST, deployment, FIRST_ABOUT, [32, 256, 1024, 4096, 16384, 65536, 131072], figures),
  ),
  anchor(
    EXAMPLES,
    'FP32 TRT, ensemble',
    EXAMPLES_ABOUT,
    [256, 1024, 4096, 16384, 65536],
    [393, 506, 1276, 4291, 15777],
  ),
  anchor(
    EXAMPLES,
    'FP16 TRT, ensemble',
    EXAMPLES_ABOUT,
    [256, 1024, 4096, 16384, 65536],
    [351, 456, 1028, 3042, 11150],
  ),
];

function anchor(
  source: string,
  deployment: string,
  about: string,
  batches: readonly number[],
  figures: readonly number[],
): Anchor {
  const pairs = batches.map((batch, index): [number, number] => [batch, figures[index] ?? NaN]);
  return { source, deployment, about, microseconds: new Map(pairs) };
}
