import { type Spec, SpecError, variantOf, VARIANTS, type Variant } from '../spec/index.js';

/**
 * Whether this machine can serve a spec's variants: those without a GPU, or with `gpu` those in PyTorch.
 * @throws SpecError naming the others, and what is allowed
 */
export function checkLocalSpec(spec: Spec, gpu = false): void {
  const can = (variant: Variant): boolean => (gpu ? variant.torch !== undefined : variant.local);
  const allowed = VARIANTS.filter(can).map(({ id }) => id);
  const unable = spec.variants.filter((id) => !can(variantOf(id)));
  if (unable.length > 0)
    throw problem(
      'variants',
      `${unable.join(', ')} cannot run on one machine ${gpu ? "without NVIDIA's image; allowed with --gpu" : "without a GPU and NVIDIA's image; allowed"}: ${allowed.join(', ')}`,
      hintFor(unable, gpu),
    );
  if (!gpu && spec.perfAnalyzer.input === 'cuda_shared_memory')
    throw problem(
      'perfAnalyzer.input',
      'cuda_shared_memory needs a GPU',
      'use --gpu with variants in PyTorch, or system_shared_memory',
    );
}

function hintFor(unable: readonly string[], gpu: boolean): string {
  if (gpu) return 'use --preset local-gpu, or leave --gpu out';
  if (unable.every((id) => variantOf(id).torch !== undefined))
    return 'use --gpu where PyTorch has a GPU, or --preset local';
  return 'use --preset local, or run this spec on a cluster';
}

const problem = (where: string, message: string, hint: string): SpecError =>
  new SpecError([{ where, path: '', message, hint }]);
