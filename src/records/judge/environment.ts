import type { Evidence } from '../evidence.js';
import type { RecordEnvironment } from '../record.js';

/** Where and on what it was measured, as far as the evidence tells. */
export function environmentOf(evidence: Evidence): RecordEnvironment {
  const told = evidence.environment;
  const text = (key: string): string | null => {
    const value = told[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const gpu = evidence.gpus?.[0];
  return {
    gpu_product: text('gpu_product'),
    gpu_uuid: text('gpu_uuid') ?? gpu?.uuid ?? null,
    gpu_driver: text('gpu_driver'),
    node: text('node'),
    pod: text('pod'),
    image: text('image'),
    cpu_model: text('cpu_model'),
    triton_version: text('triton_version'),
    perf_analyzer_version: evidence.perf_analyzer_version,
    server_start: evidence.server?.start_id ?? null,
    sm_clock_mhz: gpu?.sm_clock_mhz?.median ?? null,
    memory_clock_mhz: gpu?.memory_clock_mhz?.median ?? null,
    temperature_c: gpu?.temperature_c?.max ?? null,
    power_w: gpu?.power_w?.median ?? null,
  };
}
