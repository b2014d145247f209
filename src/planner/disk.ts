import { DENSE_FEATURES, CRITEO_T15, tableBytes } from '../dlrm/slots.js';
import { plannedRun, variantOf, type Spec } from '../spec/index.js';
import { denseBytes } from './dense.js';
import { keyFileBytes } from './hps-memory.js';

/** Graphs, indexes and manifests of all saved models together; about 2 MB seen. */
const GRAPHS = 16 * 2 ** 20;
/** Copies of the dense weights among the artifacts: native, HPS and dense SavedModel, ONNX, ONNX after surgery. */
const DENSE_COPIES = 5;
/** An engine holds the weights, in fp32 or half of it, and TensorRT's own data; twice the fp32 weights is generous. */
const ENGINE_SHARE = 2;
/** Bytes of a sample in a request file of JSON; 354 seen over the published batches. */
const JSON_PER_SAMPLE = 400;
/** Evidence, record and report of one measurement; 3 kB seen, 8 counted. */
const EVIDENCE = 8000;
/** Share of a volume that is the file system's: ext4 keeps 5 % for root. Source: mke2fs(8), option -m. */
const FILE_SYSTEM_SHARE = 0.05;

/** What lies on the volume, in bytes. */
export interface DiskForecast {
  /** Vectors of the table, once: the table's file and the SavedModel's shard are one file with two names. */
  readonly vectors: number;
  readonly keys: number;
  /** SavedModels' dense weights and graphs, ONNX files. */
  readonly dense: number;
  readonly engines: number;
  readonly requests: number;
  readonly results: number;
  /** All of it. */
  readonly atRest: number;
  /** All of it where the file system has no hard links, so that the vectors lie there twice. */
  readonly withoutHardLinks: number;
}

/** Engines of a spec: one for each TensorRT variant. */
export function engineCount(spec: Spec): number {
  return spec.variants.filter((id) => variantOf(id).backend === 'tensorrt').length;
}

/** Bytes of a request of so many samples on the wire: 26 int32 keys and 13 float32 numbers each. */
export function requestBytes(batch: number): number {
  return batch * (CRITEO_T15.length + DENSE_FEATURES) * 4;
}

/** Disk of a whole run. Sizes of table files: HugeCTR documentation, HPS, embedding table format (int64, float32). */
export function diskForecast(spec: Spec): DiskForecast {
  const vectors = tableBytes(spec.model);
  const parts = {
    vectors,
    keys: keyFileBytes(spec.model),
    dense: DENSE_COPIES * denseBytes(spec.model) + GRAPHS,
    engines: engineCount(spec) * ENGINE_SHARE * denseBytes(spec.model),
    requests: spec.batches.reduce((sum, batch) => sum + batch, 0) * JSON_PER_SAMPLE,
    results: plannedRun(spec).length * EVIDENCE,
  };
  const atRest = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  return { ...parts, atRest, withoutHardLinks: atRest + vectors };
}

/**
 * The published scripts' disk for comparison: the vectors in the SavedModel and again in the table's folder, and the keys.
 * Source: create_tf_models.py writes both.
 */
export function stockDiskBytes(model: Spec['model']): number {
  return 2 * tableBytes(model) + keyFileBytes(model);
}

/**
 * The published script's peak of host memory for comparison: the float64 draw and its float32 copy live together; at
 * worst the model's variable beside them. Source: create_tf_models.py.
 */
export function stockHostBytes(model: Spec['model']): { readonly draw: number; readonly worst: number } {
  const vectors = tableBytes(model);
  return { draw: 3 * vectors, worst: 4 * vectors };
}

/** Bytes that files may take on a volume of that size. */
export function usableBytes(volume: number): number {
  return volume * (1 - FILE_SYSTEM_SHARE);
}
