import type { RecordEnvironment } from '../records/index.js';
import type { Spec } from '../spec/index.js';
import type { ResultSet } from './result-set.js';

/** Under what a side was measured: every distinct value that its records name, in the order in which they came. */
export interface Conditions {
  /** How the side is called in sentences. */
  readonly name: string;
  /** GPU products, or CPU models where there was no GPU. */
  readonly hardware: readonly string[];
  /** Whether some of it was measured where there was no GPU; false where nothing says. */
  readonly withoutGpu: boolean;
  /** Container image and Triton release. */
  readonly image: readonly string[];
  readonly spec: Spec | undefined;
  readonly specHash: string;
  /** What may matter too, but is no reason to refuse. */
  readonly others: readonly { readonly name: string; readonly values: readonly string[] }[];
}

type Environment = Partial<RecordEnvironment>;

const OTHERS: readonly (readonly [name: string, field: keyof RecordEnvironment])[] = [
  ['GPU driver', 'gpu_driver'],
  ['node', 'node'],
  ['CPU', 'cpu_model'],
  ['perf_analyzer', 'perf_analyzer_version'],
];

export function conditionsOf(name: string, set: ResultSet): Conditions {
  const environments = set.records.map((record): Environment => record.environment ?? {});
  const seen = (value: (environment: Environment) => string | undefined): string[] => [
    ...new Set(environments.map(value).filter((text) => text !== undefined)),
  ];
  const hardware = seen(hardwareOf);
  return {
    name,
    hardware,
    withoutGpu: environments.some(
      ({ gpu_product: gpu, cpu_model: cpu }) => textOf(gpu) === undefined && textOf(cpu) !== undefined,
    ),
    image: seen(imageOf),
    spec: set.spec,
    specHash: set.specHash,
    others: OTHERS.flatMap(([title, field]) => {
      const values = seen((environment) => textOf(environment[field])).filter((value) => !hardware.includes(value));
      return values.length === 0 ? [] : [{ name: title, values }];
    }),
  };
}

/** `NVIDIA A100-SXM4-80GB` as the driver says and `NVIDIA-A100-SXM4-80GB` as node labels say are one product. */
export function gpuProduct(name: string): string {
  return name.replace(/^NVIDIA[ -]/, '').replaceAll(' ', '-');
}

function hardwareOf(environment: Environment): string | undefined {
  const gpu = textOf(environment.gpu_product);
  return gpu === undefined ? textOf(environment.cpu_model) : gpuProduct(gpu);
}

function imageOf(environment: Environment): string | undefined {
  const triton = textOf(environment.triton_version);
  const parts = [textOf(environment.image), triton === undefined ? undefined : `Triton ${triton}`];
  return parts.filter((part) => part !== undefined).join(', ') || undefined;
}

function textOf(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined || value === '' ? undefined : String(value);
}
