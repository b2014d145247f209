import { CRITEO_T15, tableBytes, tableRows } from '../dlrm/slots.js';
import type { Spec } from '../spec/index.js';

const FLOAT = 4;
/** Slots of a set of the GPU cache: 2 slabs of 32. Source: HugeCTR, gpu_cache/include/nv_gpu_cache.hpp. */
const SLOTS_PER_SET = 64;
/** Bytes of a slot besides its vector: an 8-byte key and a 4-byte access counter. Source: as above. */
const SLOT_OVERHEAD = 12;
/** Bytes a key takes in a worker's key, index and de-duplication tables on the GPU; from the sizes of their arrays. */
const WORKSPACE_PER_KEY = 64;
/** Bytes of a key on the host side of a worker. */
const HOST_KEY = 8;

/** Where HPS keeps memory, in bytes. */
export interface HpsMemory {
  /** GPU: the embedding cache. */
  readonly cache: number;
  /** GPU: one worker's buffers. */
  readonly worker: number;
  /** GPU: the cache and all workers; allocated when HPS starts, whatever batches come. */
  readonly gpu: number;
  /** Host, page-locked: all workers' buffers. */
  readonly pinned: number;
  /** Host: the table on disk, keys and vectors, in bytes; what loading is a multiple of. */
  readonly table: number;
}

/**
 * Slots of the GPU cache: the wanted share of the rows, at least one set, rounded up to whole sets.
 * Source: HugeCTR documentation, HPS configuration, `gpucacheper`; gpu_cache/include/nv_gpu_cache.hpp.
 */
export function cacheSlots(rows: number, fraction: number): number {
  // The product of a decimal fraction may lie a hair above a whole number; 1e-9 keeps that from adding a set.
  const sets = Math.ceil((fraction * rows) / SLOTS_PER_SET - 1e-9);
  return Math.max(sets, 1) * SLOTS_PER_SET;
}

/**
 * Bytes of the GPU cache: slots times a float32 vector, a key and a counter.
 * Source: HugeCTR, gpu_cache/include/nv_gpu_cache.hpp.
 */
export function cacheBytes(rows: number, width: number, fraction: number): number {
  return cacheSlots(rows, fraction) * (width * FLOAT + SLOT_OVERHEAD);
}

/**
 * Keys that one lookup may bring: `max_batch_size` samples with one key for each slot.
 * Source: HugeCTR documentation, HPS configuration, `maxnum_catfeature_query_per_table_per_sample`.
 */
export function keysPerLookup(maxBatch: number): number {
  return maxBatch * CRITEO_T15.length;
}

/**
 * GPU bytes of one worker (`num_of_worker_buffer_in_pool`): a buffer of hit and one of missing float32 vectors for every
 * key of the largest lookup, and the tables beside them.
 * Source: HugeCTR, HugeCTR/include/hps/embedding_cache_base.hpp, EmbeddingCacheWorkspace.
 */
export function workerBytes(maxBatch: number, width: number): number {
  return keysPerLookup(maxBatch) * (2 * width * FLOAT + WORKSPACE_PER_KEY);
}

/**
 * Page-locked host bytes of one worker: the vectors fetched for missing keys, and the keys.
 * Source: as `workerBytes`.
 */
export function pinnedBytes(maxBatch: number, width: number): number {
  return keysPerLookup(maxBatch) * (width * FLOAT + HOST_KEY);
}

/** Bytes of the `key` file: one int64 a row. Source: HugeCTR documentation, HPS, embedding table format. */
export function keyFileBytes(model: Spec['model']): number {
  return tableRows(model) * 8;
}

/** All of HPS for a spec, in one process (its models share one instance). */
export function hpsMemory({ model, hps, engine }: Pick<Spec, 'model' | 'hps' | 'engine'>): HpsMemory {
  const width = model.embeddingWidth;
  const cache = cacheBytes(tableRows(model), width, hps.gpuCacheFraction);
  const worker = workerBytes(engine.maxBatch, width);
  return {
    cache,
    worker,
    gpu: cache + hps.workers * worker,
    pinned: hps.workers * pinnedBytes(engine.maxBatch, width),
    table: tableBytes(model) + keyFileBytes(model),
  };
}

/**
 * Host bytes while HPS loads a table into its in-process hash map: a multiple of the table's bytes, and the workers'
 * buffers. Source: HugeCTR release notes 23.04 (2.5 times before, 1.3 times since; see `BenchImage.loadFactor`).
 */
export function hpsHostBytes(memory: HpsMemory, loadFactor: number): number {
  return memory.table * loadFactor + memory.pinned;
}
