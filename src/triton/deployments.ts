import { type TorchDeployment, variantOf } from '../spec/index.js';
import { configPbtxt, type ModelConfig } from './config.js';

/** Where Triton runs: in NVIDIA's image on a GPU, or anywhere with only its python backend. */
export type Place = 'gpu' | 'cpu';
export type Precision = 'fp32' | 'fp16';

/** A file or folder in a variant's version folder: a link to an artifact, or a copy of a program file. */
export interface ModelFile {
  readonly name: string;
  readonly root: 'artifacts' | 'programs';
  readonly path: string;
}

/** What jobs/serve.py makes one model of the repository from. */
export interface Deployment {
  readonly name: string;
  /** Text of config.pbtxt. */
  readonly config: string;
  readonly files: readonly ModelFile[];
  /** The engine it serves; null without TensorRT. */
  readonly engine: Precision | null;
}

export interface DeploymentOptions {
  readonly place: Place;
  readonly slots: number;
  readonly denseFeatures: number;
  /** The artifacts' folder, which a python backend is told. */
  readonly artifacts: string;
  /** CPU threads of one operation on a python backend. */
  readonly threads: number;
  /** What the torch variants are told of the spec. */
  readonly torch: TorchOptions;
}

/** Settings of the backend torch_dlrm. */
export interface TorchOptions {
  readonly tableType: 'fp32' | 'fp16';
  readonly cacheFraction: number;
  readonly cacheAdmission: 'on_miss' | 'none';
  /** Batch sizes to be ready for. */
  readonly batches: readonly number[];
}

/** Files of the backend torch_dlrm, which lie together in the version folder. */
const TORCH_FILES = ['cpu_table', 'dense', 'kernels', 'phases', 'pinning', 'scorer', 'tables'].map(
  (part) => `dlrm_${part}.py`,
);

/** Stands in a config for the engine's output name: serve.py reads it from the engine's manifest. */
export const ENGINE_OUTPUT = '@ENGINE_OUTPUT@';
/** The name Keras 2 gives the output of a subclassed model. */
const KERAS_OUTPUT = 'output_1';

/** The precision of an engine variant, or null. */
export function precisionOf(variant: string): Precision | null {
  if (variantOf(variant).backend !== 'tensorrt') return null;
  return variant.startsWith('fp16') ? 'fp16' : 'fp32';
}

/** File name of an engine, as published and as jobs/hpsb_engines.py writes it. */
export function engineFile(precision: Precision): string {
  return `${precision}_hps_plugin_dlrm.trt`;
}

/** How a variant is deployed. @throws RangeError if it cannot be deployed there */
export function deploymentOf(variant: string, options: DeploymentOptions): Deployment {
  const { backend, hps, torch } = variantOf(variant);
  if (options.place === 'cpu' && hps) throw new RangeError(`${variant} needs a GPU and NVIDIA's image`);
  if (torch !== undefined) return onTorch(variant, torch, options);
  if (options.place === 'cpu' || backend === 'python') return onPythonBackend(variant, options);
  const precision = precisionOf(variant);
  const base = { ...tensors(variant, options), instance: { kind: 'KIND_GPU', gpus: [0] } } as const;
  if (precision !== null)
    return {
      name: variant,
      config: configPbtxt({ ...base, backend: 'tensorrt', output: ENGINE_OUTPUT, modelFile: engineFile(precision) }),
      files: [],
      engine: precision,
    };
  return {
    name: variant,
    config: configPbtxt({ ...base, backend: 'tensorflow', output: KERAS_OUTPUT }),
    files: [{ name: 'model.savedmodel', root: 'artifacts', path: `${variant}/model.savedmodel` }],
    engine: null,
  };
}

function onPythonBackend(variant: string, options: DeploymentOptions): Deployment {
  return {
    name: variant,
    config: configPbtxt({
      ...tensors(variant, options),
      backend: 'python',
      output: KERAS_OUTPUT,
      instance: { kind: 'KIND_CPU' },
      parameters: { artifacts: options.artifacts, threads: String(options.threads) },
    }),
    files: [{ name: 'model.py', root: 'programs', path: `backends/${variant}/model.py` }],
    engine: null,
  };
}

function onTorch(variant: string, deployment: TorchDeployment, options: DeploymentOptions): Deployment {
  if (options.place === 'cpu') throw new RangeError(`${variant} needs a GPU`);
  const { tableType, cacheFraction, cacheAdmission, batches } = options.torch;
  return {
    name: variant,
    config: configPbtxt({
      ...tensors(variant, options),
      backend: 'python',
      output: KERAS_OUTPUT,
      instance: { kind: 'KIND_GPU', gpus: [0] },
      parameters: {
        // Tensors that the client has on the GPU stay there.
        FORCE_CPU_ONLY_INPUT_TENSORS: 'no',
        artifacts: options.artifacts,
        table: deployment.table,
        table_type: deployment.table === 'cpu' ? 'fp32' : tableType,
        dense: deployment.dense,
        cache_fraction: String(cacheFraction),
        cache_admission: cacheAdmission,
        batches: batches.join(','),
      },
    }),
    files: ['model.py', ...TORCH_FILES].map((name) => ({
      name,
      root: 'programs',
      path: `backends/torch_dlrm/${name}`,
    })),
    engine: null,
  };
}

function tensors(name: string, options: DeploymentOptions): Pick<ModelConfig, 'name' | 'slots' | 'denseFeatures'> {
  return { name, slots: options.slots, denseFeatures: options.denseFeatures };
}
