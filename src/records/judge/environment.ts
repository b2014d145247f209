import type { Evidence } from '../evidence.js';
import type { RecordEnvironment } from '../record.js';

type Gpu = NonNullable<Evidence['gpus']>[number];

/** Where and on what it was measured, as far as the evidence tells. */
export function environmentOf(evidence: Evidence): RecordEnvironment {
  const told = (key: string): string | null => {
    const value = evidence.environment[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const [gpu] = evidence.gpus ?? [];
  return {
    gpu_product: told('gpu_product'),
    gpu_uuid: told('gpu_uuid') ?? gpu?.uuid ?? null,
    gpu_driver: told('gpu_driver'),
    node: told('node'),
    pod: told('pod'),
    image: told('image'),
    cpu_model: told('cpu_model'),
    triton_version: told('triton_version'),
    perf_analyzer_version: evidence.perf_analyzer_version,
    server_start: evidence.server?.start_id ?? null,
    ...conditionOf(gpu),
  };
}

function conditionOf(
  gpu: Gpu | undefined,
): Pick<RecordEnvironment, 'sm_clock_mhz' | 'memory_clock_mhz' | 'temperature_c' | 'power_w'> {
  return {
    sm_clock_mhz: gpu?.sm_clock_mhz?.median ?? null,
    memory_clock_mhz: gpu?.memory_clock_mhz?.median ?? null,
    temperature_c: gpu?.temperature_c?.max ?? null,
    power_w: gpu?.power_w?.median ?? null,
  };
}
