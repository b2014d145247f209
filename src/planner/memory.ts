import { tableBytes } from '../dlrm/slots.js';
import { variantOf, type Spec } from '../spec/index.js';
import { activationBytes, denseBytes } from './dense.js';
import { requestBytes } from './disk.js';
import { hpsHostBytes, hpsMemory } from './hps-memory.js';
import { torchGpuParts, torchHostParts } from './torch-memory.js';

/** Bytes a stage takes at its peak. */
export interface StageMemory {
  readonly gpu: number;
  readonly host: number;
  readonly shm: number;
}

/** One line of a sum, so that a total can be explained. */
export interface MemoryPart {
  readonly what: string;
  readonly bytes: number;
}

/** CUDA context and libraries of a process on the GPU. Not published for these images; assumed. */
export const CUDA_CONTEXT = 1e9;
/** A server or builder process itself: libraries of TensorFlow, TensorRT and Triton. Not published; assumed. */
export const PROCESS_BASE = 3e9;
/** What jobs/create_models.py may take of its own, with TensorFlow's libraries, at any table size: its stated bound. */
export const CREATE_MODELS = 2 ** 30;
/** jobs/measure.py and perf_analyzer: the request file's text, its numbers and the request. Assumed: 6 times the text. */
const MEASURE_SHARE = 6;
const MEASURE_BASE = 0.3e9;

/**
 * On one machine, seen over the smoke and local presets: create_models.py 0.7 GB and, for every byte of the table, 1.2;
 * Triton with both CPU variants 0.6 GB and, for every byte of the table, 3.2.
 */
const LOCAL = { createBase: 0.75e9, createShare: 1.2, serveBase: 0.6e9, serveShare: 3.2 } as const;
/** Disk of the local Python environment with Triton, TensorFlow and perf_analyzer, in bytes, seen. */
export const LOCAL_ENVIRONMENT = 1.8e9;
/** The same beside another environment's PyTorch: Triton and perf_analyzer alone, seen. */
export const LOCAL_GPU_ENVIRONMENT = 0.2e9;
/** Shared memory that Triton's python backend begins with. Source: Triton, python_backend README, shm-default-byte-size. */
const PYTHON_BACKEND_SHM = 2 ** 20;

export function usesHps(spec: Spec): boolean {
  return spec.variants.some((id) => variantOf(id).hps);
}

/**
 * GPU memory while serving, part by part. HPS is one instance for all models of a process. TensorFlow's models share one
 * allocator, which grows to the largest batch sent and keeps it; an engine's context is allocated for its profile's
 * maximum. Source: HugeCTR documentation, HPS configuration; TensorFlow, "Use a GPU", memory growth; TensorRT, developer
 * guide, execution contexts.
 */
export function servingGpuParts(spec: Spec): MemoryPart[] {
  const variants = spec.variants.map(variantOf);
  const engines = variants.filter(({ backend }) => backend === 'tensorrt').length;
  const parts: MemoryPart[] = [{ what: 'CUDA context (assumed)', bytes: CUDA_CONTEXT }];
  if (usesHps(spec)) {
    const { cache, worker } = hpsMemory(spec);
    parts.unshift(
      { what: `HPS cache, ${spec.hps.gpuCacheFraction} of the rows`, bytes: cache },
      {
        what: `HPS buffers of ${spec.hps.workers} workers at ${spec.engine.maxBatch}`,
        bytes: spec.hps.workers * worker,
      },
    );
  }
  if (variants.some(({ backend }) => backend === 'tensorflow')) {
    const largest = Math.max(...spec.batches);
    parts.push({ what: `TensorFlow activations at ${largest}`, bytes: activationBytes(spec.model, largest) });
  }
  if (engines > 0)
    parts.push({
      what: `activations of ${engines} engine${engines > 1 ? 's' : ''} at ${spec.engine.maxBatch}`,
      bytes: engines * activationBytes(spec.model, spec.engine.maxBatch),
    });
  parts.push(...torchGpuParts(spec));
  parts.push({ what: 'dense weights', bytes: variants.length * denseBytes(spec.model) });
  return parts;
}

/** GPU memory while one engine is built: HPS as the plug-in starts it, and one set of the profile's largest tensors. */
export function buildingGpuBytes(spec: Spec): number {
  return (
    hpsMemory(spec).gpu + activationBytes(spec.model, spec.engine.maxBatch) + denseBytes(spec.model) + CUDA_CONTEXT
  );
}

/** Host memory of a server: HPS while it loads, the native table in host memory, and the process. */
export function servingHostParts(spec: Spec, loadFactor: number): MemoryPart[] {
  const parts: MemoryPart[] = [];
  if (usesHps(spec)) {
    const hps = hpsMemory(spec);
    const load = hps.table * loadFactor;
    parts.push(
      { what: `HPS while loading, ${loadFactor} times the table`, bytes: load },
      { what: `HPS page-locked buffers of ${spec.hps.workers} workers`, bytes: hps.pinned },
    );
  }
  if (spec.variants.includes('native_tf')) parts.push({ what: 'native_tf table', bytes: tableBytes(spec.model) });
  parts.push(...torchHostParts(spec));
  parts.push({ what: 'process (assumed)', bytes: PROCESS_BASE });
  return parts;
}

export function buildingHostBytes(spec: Spec, loadFactor: number): number {
  return hpsHostBytes(hpsMemory(spec), loadFactor) + PROCESS_BASE;
}

export function measuringHostBytes(spec: Spec): number {
  return MEASURE_BASE + MEASURE_SHARE * 400 * Math.max(...spec.batches);
}

export const sum = (parts: readonly MemoryPart[]): number => parts.reduce((total, { bytes }) => total + bytes, 0);

/** Memory of the CPU stages on this machine. */
export function localMemory(spec: Spec): { readonly create: number; readonly serve: number; readonly shm: number } {
  const table = tableBytes(spec.model);
  const largest = Math.max(...spec.batches);
  return {
    create: LOCAL.createBase + LOCAL.createShare * table,
    serve: LOCAL.serveBase + LOCAL.serveShare * table + activationBytes(spec.model, largest),
    shm: spec.variants.includes('onnx_cpu')
      ? PYTHON_BACKEND_SHM + spec.concurrency * (requestBytes(largest) + largest * 4)
      : 0,
  };
}

/**
 * A pod's memory request is what the stage needs and half as much again, for page cache, slack of allocators and the
 * frameworks' own growth are not in the sum.
 */
export const REQUEST_MARGIN = 1.5;
