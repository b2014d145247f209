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
  /** Whether the cluster charts can serve it in NVIDIA's images. */
  readonly cluster: boolean;
}

export const VARIANTS: readonly Variant[] = [
  { id: 'native_tf', label: 'Native TF', hps: false, backend: 'tensorflow', local: true, cluster: true },
  { id: 'tf_with_hps', label: 'TF with HPS', hps: true, backend: 'tensorflow', local: false, cluster: true },
  { id: 'fp32_trt_with_hps', label: 'FP32 TRT with HPS', hps: true, backend: 'tensorrt', local: false, cluster: true },
  { id: 'fp16_trt_with_hps', label: 'FP16 TRT with HPS', hps: true, backend: 'tensorrt', local: false, cluster: true },
  { id: 'onnx_cpu', label: 'ONNX Runtime (CPU)', hps: false, backend: 'python', local: true, cluster: false },
];

export const VARIANT_IDS = VARIANTS.map((variant) => variant.id);

/** The variant of that id. @throws RangeError if there is none; a checked spec never asks for one. */
export function variantOf(id: string): Variant {
  const found = VARIANTS.find((variant) => variant.id === id);
  if (found === undefined) throw new RangeError(`no variant is called "${id}"; allowed: ${VARIANT_IDS.join(', ')}`);
  return found;
}
