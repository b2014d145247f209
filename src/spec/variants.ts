/** One deployment of the model. Nothing without NVIDIA's hierarchical parameter server is called HPS. */
export interface Variant {
  readonly id: string;
  /** Column heading, in the published page's words where the page has the variant. */
  readonly label: string;
  readonly hps: boolean;
  /** Triton backend that serves it in the published topology. */
  readonly backend: 'tensorflow' | 'tensorrt' | 'python';
  /** Whether `hps-bench local` can serve it without a GPU. */
  readonly local: boolean;
  /** Where table and products are, for a variant in PyTorch on a GPU; left out: no such variant. */
  readonly torch?: TorchDeployment;
  /** Whether the cluster charts can serve it in NVIDIA's images. */
  readonly cluster: boolean;
}

/** How the backend torch_dlrm deploys the model. */
export interface TorchDeployment {
  /** gpu: all rows on the GPU. cache: a share of them, the rest in page-locked host memory. cpu: all in host memory. */
  readonly table: 'gpu' | 'cache' | 'cpu';
  /** Numbers of the dense half: fp16 with fp32 sums, fp32, or fp32 with products in TF32. */
  readonly dense: 'fp16' | 'fp32' | 'tf32';
}

const torch = { hps: false, backend: 'python', local: false, cluster: true } as const;

export const VARIANTS: readonly Variant[] = [
  { id: 'native_tf', label: 'Native TF', hps: false, backend: 'tensorflow', local: true, cluster: true },
  { id: 'tf_with_hps', label: 'TF with HPS', hps: true, backend: 'tensorflow', local: false, cluster: true },
  { id: 'fp32_trt_with_hps', label: 'FP32 TRT with HPS', hps: true, backend: 'tensorrt', local: false, cluster: true },
  { id: 'fp16_trt_with_hps', label: 'FP16 TRT with HPS', hps: true, backend: 'tensorrt', local: false, cluster: true },
  { id: 'onnx_cpu', label: 'ONNX Runtime (CPU)', hps: false, backend: 'python', local: true, cluster: false },
  { ...torch, id: 'torch_cpu_table', label: 'PyTorch, table on CPU', torch: { table: 'cpu', dense: 'tf32' } },
  { ...torch, id: 'torch_fp32', label: 'PyTorch FP32', torch: { table: 'gpu', dense: 'fp32' } },
  { ...torch, id: 'torch_fp16_cache', label: 'PyTorch FP16, GPU cache', torch: { table: 'cache', dense: 'fp16' } },
  { ...torch, id: 'torch_fp16', label: 'PyTorch FP16', torch: { table: 'gpu', dense: 'fp16' } },
];

export const VARIANT_IDS = VARIANTS.map((variant) => variant.id);

/** The variant of that id. @throws RangeError if there is none; a checked spec never asks for one. */
export function variantOf(id: string): Variant {
  const found = VARIANTS.find((variant) => variant.id === id);
  if (found === undefined) throw new RangeError(`no variant is called "${id}"; allowed: ${VARIANT_IDS.join(', ')}`);
  return found;
}
