import { variantOf, type Spec } from '../spec/index.js';
import { tableBytes } from './slots.js';

/** A variant's column heading. One in PyTorch says how large its table is and of which numbers, for they decide its time. */
export function variantLabel(spec: Spec, id: string): string {
  const { label, torch } = variantOf(id);
  if (torch === undefined) return label;
  const type = torch.table === 'cpu' ? 'fp32' : spec.torch.tableType;
  const bytes = tableBytes(spec.model) / (type === 'fp16' ? 2 : 1);
  const size = bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const share = torch.table === 'cache' ? `${spec.hps.gpuCacheFraction} of ` : '';
  return `${label} (${share}${size} ${type} table)`;
}

/** What a reader must know about a variant in PyTorch; undefined for the others. */
export function torchNote(spec: Spec, id: string): string | undefined {
  const { torch } = variantOf(id);
  if (torch === undefined) return undefined;
  const { gpuCacheFraction } = spec.hps;
  const admission =
    spec.torch.cacheAdmission === 'on_miss'
      ? 'a missed row comes in after the request'
      : 'it keeps the first rows of each slot';
  const tables = {
    gpu: `The whole table on the GPU in ${spec.torch.tableType}`,
    cache: `${gpuCacheFraction} of the rows in a GPU cache in ${spec.torch.tableType}, all in page-locked host memory; ${admission}`,
    cpu: 'The table in host memory in fp32, gathered by the CPU: the counterpart of Native TF',
  };
  const products = { fp16: 'fp16 with fp32 sums', fp32: 'fp32', tf32: 'TF32' };
  return `${tables[torch.table]}. Dense part in ${products[torch.dense]}, by PyTorch through Triton's python backend.`;
}
