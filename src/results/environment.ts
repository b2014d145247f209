import { tableBytes, tableRows } from '../dlrm/slots.js';
import type { Evidence } from '../records/index.js';
import type { EnvironmentLine } from '../report/index.js';
import type { Spec } from '../spec/index.js';

/** What evidence says of where and how it was made. */
export type Witness = Pick<Evidence, 'environment' | 'perf_analyzer_version' | 'gpus'>;

/** Facts that are the same in a good run, in the order in which a reader asks for them. */
const FIXED: readonly (readonly [name: string, key: string])[] = [
  ['GPU', 'gpu_product'],
  ['GPU id', 'gpu_uuid'],
  ['GPU driver', 'gpu_driver'],
  ['CPU', 'cpu_model'],
  ['CPUs', 'cpus'],
  ['Threads per variant', 'threads'],
  ['Node', 'node'],
  ['Image', 'image'],
  ['Triton', 'triton_version'],
  ['Kernel', 'kernel'],
  ['Python', 'python'],
];

/** Where the numbers come from, one line a fact. A fact that changed inside the run has every value and is marked. */
export function environmentLines(spec: Spec, evidence: readonly Witness[]): EnvironmentLine[] {
  const seen = (name: string, key: string) =>
    distinct(
      name,
      evidence.map((item) => item.environment[key]),
    );
  return [
    ...FIXED.flatMap(([name, key]) => seen(name, key)),
    ...distinct(
      'perf_analyzer',
      evidence.map((item) => item.perf_analyzer_version),
    ),
    ...ranges(evidence),
    ...specLines(spec),
  ];
}

/** How the tensors travel, where it is not as on the page. */
const INPUTS: Readonly<Record<Spec['perfAnalyzer']['input'], string>> = {
  json: '',
  binary: '',
  system_shared_memory: ' with tensors in system shared memory',
  cuda_shared_memory: ' with tensors in CUDA shared memory',
};

function keysLine({ requestKeys, hps }: Spec): EnvironmentLine[] {
  const { distribution, hitRate, exponent } = requestKeys;
  if (distribution === 'uniform') return [];
  const value =
    distribution === 'hit_rate'
      ? `${100 * hitRate} % of the keys among the first ${hps.gpuCacheFraction} of each slot's rows`
      : `row r of a slot in proportion to (r + 1) ** -${exponent}`;
  return [{ name: 'Keys', value }];
}

function specLines(spec: Spec): EnvironmentLine[] {
  const { model, perfAnalyzer } = spec;
  const rows = tableRows(model).toLocaleString('en-US');
  const mode = perfAnalyzer.mode === 'request_count' ? 'one window of a fixed number of requests' : 'time windows';
  const megabytes = (tableBytes(model) / 1e6).toFixed(0);
  return [
    { name: 'Table', value: `${rows} rows x ${model.embeddingWidth} float32 (${megabytes} MB), scale ${model.scale}` },
    {
      name: 'Load',
      value: `the same request again and again, ${perfAnalyzer.protocol}${INPUTS[perfAnalyzer.input]}, ${mode}, ${perfAnalyzer.windowMs} ms`,
    },
    ...keysLine(spec),
  ];
}

function distinct(name: string, values: readonly unknown[]): EnvironmentLine[] {
  const known = [...new Set(values.filter((value) => value !== null && value !== undefined).map(String))];
  if (known.length === 0) return [];
  return [{ name, value: known.join('; '), ...(known.length > 1 ? { varies: true } : {}) }];
}

type Gpu = NonNullable<Evidence['gpus']>[number];

/** What moves by nature, over all samples of all measurements: not marked, the checks of validity judge it. */
function ranges(evidence: readonly Witness[]): EnvironmentLine[] {
  const gpus = evidence.flatMap((item) => item.gpus ?? []);
  const line = (name: string, unit: string, of: (gpu: Gpu) => Gpu['power_w']): EnvironmentLine[] => {
    const known = gpus.flatMap((gpu) => of(gpu) ?? []);
    if (known.length === 0) return [];
    const low = Math.min(...known.map(({ min }) => min));
    const high = Math.max(...known.map(({ max }) => max));
    return [{ name, value: low === high ? `${low} ${unit}` : `${low} to ${high} ${unit}` }];
  };
  return [
    ...line('SM clock', 'MHz', (gpu) => gpu.sm_clock_mhz),
    ...line('Memory clock', 'MHz', (gpu) => gpu.memory_clock_mhz),
    ...line('GPU temperature', '°C', (gpu) => gpu.temperature_c),
    ...line('GPU power', 'W', (gpu) => gpu.power_w),
    ...loadLine(evidence),
  ];
}

/** Other work on the machine shows here where there is no GPU to look at. */
function loadLine(evidence: readonly Witness[]): EnvironmentLine[] {
  const loads = evidence
    .map((item) => item.environment['load_average_1m'])
    .filter((value): value is number => typeof value === 'number');
  if (loads.length === 0) return [];
  const [low, high] = [Math.min(...loads), Math.max(...loads)].map((load) => load.toFixed(1));
  return [{ name: 'Load average at the client', value: `${String(low)} to ${String(high)}` }];
}
