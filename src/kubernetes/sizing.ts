import { tableBytes } from '../dlrm/slots.js';
import { type Spec, variantOf } from '../spec/index.js';
import { bytesOf, cpuQuantity, memoryQuantity } from './quantities.js';

const GIB = 2 ** 30;

/** Shared memory of the serving pod: Triton's python backend and the frameworks' workers keep tensors there. */
const SHARED_MEMORY_BYTES = 2 * GIB;

export type SizedStage = 'createModels' | 'buildEngines' | 'serve' | 'measure' | 'conductor';

/** Canonical quantities of one container, request and limit alike. */
export interface Size {
  readonly cpu: string;
  readonly memory: string;
}

/** What each stage is given: what the spec says, else what its sizes call for. */
export function sizeOf(spec: Spec, stage: SizedStage): Size {
  const chosen = spec.cluster.stages[stage];
  const memory = chosen.memory === undefined ? wholeGib(memoryNeeded(spec, stage)) : (bytesOf(chosen.memory) ?? 0);
  return { cpu: cpuQuantity(chosen.cpu ?? CPUS[stage]), memory: memoryQuantity(memory) };
}

export function sharedMemory(): string {
  return memoryQuantity(SHARED_MEMORY_BYTES);
}

/** Measuring needs one CPU that is never waited for and some for the client's threads; serving is the page's one instance. */
const CPUS: Readonly<Record<SizedStage, number>> = {
  createModels: 8,
  buildEngines: 8,
  serve: 8,
  measure: 4,
  conductor: 1,
};

/**
 * Host memory. HPS copies the table while it starts: 2.5 times its bytes up to release 23.02, 1.3 times later (HugeCTR
 * release notes of 23.04), and pins two buffers of every key of the largest request per worker. A SavedModel is read
 * beside the variable it fills, and its table stays in host memory. create-models maps the table and copies one half.
 */
function memoryNeeded(spec: Spec, stage: SizedStage): number {
  const table = tableBytes(spec.model);
  const base = spec.cluster.gpus > 0 ? 16 * GIB : 2 * GIB;
  const hps = 2.5 * table + pinnedBytes(spec);
  switch (stage) {
    case 'createModels':
      return base / 2 + 1.5 * table;
    case 'buildEngines':
      return base + hps;
    case 'serve':
      return (
        base +
        SHARED_MEMORY_BYTES +
        (spec.variants.some((id) => variantOf(id).hps) ? hps : 0) +
        2 * table * spec.variants.filter((id) => !variantOf(id).hps).length
      );
    case 'measure':
      return base / 2;
    case 'conductor':
      return GIB / 2;
  }
}

function pinnedBytes(spec: Spec): number {
  const keys = spec.engine.maxBatch * 26;
  return spec.hps.workers * keys * spec.model.embeddingWidth * 4;
}

/** Up to a whole GiB, above 16 to a multiple of 8. */
function wholeGib(bytes: number): number {
  const gib = Math.ceil(bytes / GIB);
  return (gib > 16 ? Math.ceil(gib / 8) * 8 : gib) * GIB;
}
