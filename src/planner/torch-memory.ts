import { tableBytes, tableRows } from '../dlrm/slots.js';
import { variantOf, type Spec } from '../spec/index.js';
import { activationBytes } from './dense.js';
import type { MemoryPart } from './memory.js';

/** CUDA context, libraries and cuBLAS workspace of one process with PyTorch: each variant is one. Not published; assumed. */
const PROCESS_ON_GPU = 1e9;
/** The same in host memory. Not published; assumed. */
const PROCESS_IN_HOST = 4e9;
/** A cached row's place and a place's owner: int32 each (jobs/backends/torch_dlrm/dlrm_tables.py). */
const INDEX_BYTES = 4;
/**
 * Activations of a batch beside the rows, which the fused lookup never writes: features, two layers of 1024 and the
 * smaller ones, in fp16; PyTorch's own operations hold float32. Widths: create_tf_models.py.
 */
const WIDEST_LAYERS = 2 * 1024 + 512 + 480 + 128;

function tableOnGpu(spec: Spec): number {
  return tableBytes(spec.model) / (spec.torch.tableType === 'fp16' ? 2 : 1);
}

/** Bytes of the largest batch that pass between the layers. */
function between(spec: Spec, dense: 'fp16' | 'fp32' | 'tf32'): number {
  return Math.max(...spec.batches) * WIDEST_LAYERS * (dense === 'fp16' ? 2 : 4);
}

/** GPU memory of the variants in PyTorch, each a process with a table of its own. */
export function torchGpuParts(spec: Spec): MemoryPart[] {
  return spec.variants.flatMap((id): MemoryPart[] => {
    const { torch } = variantOf(id);
    if (torch === undefined) return [];
    const own = {
      what: `${id}: process and activations (assumed)`,
      bytes: PROCESS_ON_GPU + between(spec, torch.dense),
    };
    const type = spec.torch.tableType;
    const { gpuCacheFraction } = spec.hps;
    if (torch.table === 'gpu') return [{ what: `${id}: ${type} table`, bytes: tableOnGpu(spec) }, own];
    if (torch.table === 'cache') {
      const index = tableRows(spec.model) * (1 + gpuCacheFraction) * INDEX_BYTES;
      const bytes = gpuCacheFraction * tableOnGpu(spec) + index;
      return [{ what: `${id}: ${type} cache, ${gpuCacheFraction} of the rows`, bytes }, own];
    }
    return [{ ...own, bytes: own.bytes + 3 * activationBytes(spec.model, Math.max(...spec.batches)) }];
  });
}

/** Host memory of the variants in PyTorch. */
export function torchHostParts(spec: Spec): MemoryPart[] {
  return spec.variants.flatMap((id): MemoryPart[] => {
    const { torch } = variantOf(id);
    if (torch === undefined) return [];
    const own = { what: `${id}: process (assumed)`, bytes: PROCESS_IN_HOST };
    if (torch.table === 'gpu') return [own];
    if (torch.table === 'cache') return [{ what: `${id}: page-locked table`, bytes: tableOnGpu(spec) }, own];
    const gathered = activationBytes(spec.model, Math.max(...spec.batches));
    return [{ what: `${id}: table and gathered rows`, bytes: tableBytes(spec.model) + gathered }, own];
  });
}
