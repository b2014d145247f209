import { adaptiveSettings } from '../adaptive/index.js';
import { cardinalities, DENSE_FEATURES } from '../dlrm/slots.js';
import { contentKey, type PlannedMeasurement, type Spec, variantOf } from '../spec/index.js';
import { sampleMs, validityLimits } from './validity.js';

/** Largest difference of two variants' scores that counts as the same, on the CPU in float32. */
export const PARITY_LIMIT = 1e-5;
/** The same where TF32 and fp16 are at work; jobs/tests/test_gpu_rounding.py shows that wrong keys go beyond it. */
export const GPU_PARITY_LIMIT = 5e-4;

function computesOnGpu(variant: string): boolean {
  const { hps, torch } = variantOf(variant);
  return hps || torch !== undefined;
}

/** The part of jobs' settings.json that decides what artifacts hold; its content key names their folder. */
export function artifactSettings(spec: Spec): Record<string, unknown> {
  const { model, hps } = spec;
  return {
    model: {
      name: 'dlrm',
      cardinalities: cardinalities(model),
      embedding_width: model.embeddingWidth,
      dense_features: DENSE_FEATURES,
      bottom_mlp: [512, 256, model.embeddingWidth],
      top_mlp: [1024, 1024, 512, 256, 1],
      seed: model.seed,
      table: { distribution: 'uniform', low: model.table.low, high: model.table.high },
      opset: model.opset,
    },
    hps: {
      gpu_cache_fraction: hps.gpuCacheFraction,
      workers: hps.workers,
      hit_rate_threshold: hps.hitRateThreshold,
      max_batch_size: spec.engine.maxBatch,
      default_value: hps.defaultValue,
      refresh_fraction: hps.refreshFraction,
      deployed_devices: [0],
    },
    artifacts: {
      hps_saved_model: spec.variants.includes('tf_with_hps'),
      // A run of PyTorch variants alone needs nothing that TensorFlow makes.
      tensorflow: spec.variants.some((id) => variantOf(id).torch === undefined),
    },
  };
}

export function requestSettings(spec: Spec): Record<string, unknown> {
  const { distribution, hitRate, exponent } = spec.requestKeys;
  return {
    requests: {
      batches: spec.batches,
      seed: spec.requestSeed,
      tensors: spec.perfAnalyzer.input === 'json' ? 'json' : 'binary',
      keys: { distribution, hit_rate: hitRate, cached: spec.hps.gpuCacheFraction, exponent },
    },
  };
}

/** Names of the artifacts' and requests' folders in the cache. */
export function cacheKeys(spec: Spec): { artifacts: string; requests: string } {
  const artifacts = artifactSettings(spec);
  return {
    artifacts: contentKey(artifacts),
    // The requests depend on the key ranges too, and on nothing else of the model.
    requests: contentKey({ ...requestSettings(spec), cardinalities: cardinalities(spec.model) }),
  };
}

export interface MeasureTarget {
  readonly http: string;
  readonly grpc: string;
  readonly perfAnalyzer: string;
  readonly libraries: string;
}

/** The `measure` part of settings.json. */
export function measureSettings(
  spec: Spec,
  target: MeasureTarget,
  measurements: readonly (PlannedMeasurement & { readonly attempt: number })[],
): Record<string, unknown> {
  const { perfAnalyzer } = spec;
  return {
    perf_analyzer: target.perfAnalyzer,
    library_path: target.libraries,
    http: target.http,
    grpc: target.grpc,
    protocol: perfAnalyzer.protocol,
    input: perfAnalyzer.input,
    mode: perfAnalyzer.mode,
    window_ms: perfAnalyzer.windowMs,
    stability_percentage: perfAnalyzer.stabilityPercentage,
    max_trials: perfAnalyzer.maxTrials,
    warmup_seconds: perfAnalyzer.warmupSeconds,
    deadline_seconds: perfAnalyzer.deadlineSeconds,
    ready_seconds: 60,
    parity_limit: spec.variants.some(computesOnGpu) ? GPU_PARITY_LIMIT : PARITY_LIMIT,
    sample_ms: sampleMs(spec),
    limits: validityLimits(spec),
    adaptive: adaptiveSettings(spec),
    variants: spec.variants,
    measurements: measurements.map(({ id, role, variant, batch, concurrency, repeat, attempt }) => ({
      id,
      role,
      variant,
      batch,
      concurrency,
      repeat,
      attempt,
    })),
  };
}
