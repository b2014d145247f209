/** Inputs and output of every variant: one signature, so that one request file serves all. */
export const CATEGORICAL = 'categorical_features';
export const NUMERICAL = 'numerical_features';

export interface ModelConfig {
  readonly name: string;
  readonly backend: 'tensorflow' | 'tensorrt' | 'python';
  readonly output: string;
  readonly slots: number;
  readonly denseFeatures: number;
  readonly instance: { readonly kind: 'KIND_GPU' | 'KIND_CPU'; readonly gpus?: readonly number[] };
  /** File in the version folder, where it is not the backend's default. */
  readonly modelFile?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * config.pbtxt of one variant. `max_batch_size` is 0 and the batch dimension explicit, because the published
 * perf_analyzer command carries it in `--shape`; no dynamic batching, one instance.
 */
export function configPbtxt(config: ModelConfig): string {
  const tensor = (name: string, type: string, width: number): string =>
    `  { name: ${quote(name)} data_type: ${type} dims: [ -1, ${width} ] }`;
  const gpus = config.instance.gpus === undefined ? '' : ` gpus: [ ${config.instance.gpus.join(', ')} ]`;
  const lines = [
    `name: ${quote(config.name)}`,
    config.backend === 'tensorflow' ? 'platform: "tensorflow_savedmodel"' : undefined,
    config.backend === 'tensorrt' ? 'platform: "tensorrt_plan"' : undefined,
    `backend: ${quote(config.backend)}`,
    config.modelFile === undefined ? undefined : `default_model_filename: ${quote(config.modelFile)}`,
    'max_batch_size: 0',
    'input [',
    `${tensor(CATEGORICAL, 'TYPE_INT32', config.slots)},`,
    tensor(NUMERICAL, 'TYPE_FP32', config.denseFeatures),
    ']',
    'output [',
    tensor(config.output, 'TYPE_FP32', 1),
    ']',
    `instance_group [ { count: 1 kind: ${config.instance.kind}${gpus} } ]`,
    ...Object.entries(config.parameters ?? {}).map(
      ([key, value]) => `parameters { key: ${quote(key)} value: { string_value: ${quote(value)} } }`,
    ),
  ];
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

/** A protobuf text-format string. */
function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
