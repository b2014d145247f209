import type { Spec } from '../spec/index.js';

/**
 * Limits of the figures in jobs/hpsb_validity.py by name: measure.py measures again what is above one, and evidence carries
 * them to the judge. Those of what nobody can want are not in the spec.
 */
export function validityLimits({ validity, perfAnalyzer }: Spec): Record<string, number> {
  return {
    client_cpu_throttled_share: validity.cpuThrottledShare,
    server_cpu_throttled_share: validity.cpuThrottledShare,
    gpu_slowdown_share: validity.gpuSlowdownShare,
    gpu_power_cap_share: validity.gpuPowerCapShare,
    gpu_clock_loss: validity.gpuClockLoss,
    // With CUDA shared memory perf_analyzer is on the GPU itself.
    ...(perfAnalyzer.input === 'cuda_shared_memory' ? {} : { gpu_other_processes: 0 }),
    triton_restarts: 0,
    drift_share: validity.drift,
  };
}

/** Readings of Triton's counters that a drift test needs, with some to spare (jobs/hpsb_drift.py: 8). */
const READINGS = 12;
const SECOND_MS = 1000;
/** Each reading takes a CPU-bound Triton about a millisecond. */
const SHORTEST_MS = 100;

/** How far apart Triton's counters are read while perf_analyzer runs, in ms: a second, less where the one window is short. */
export function sampleMs({ perfAnalyzer: { mode, windowMs } }: Spec): number {
  if (mode === 'time_windows') return SECOND_MS;
  return Math.min(SECOND_MS, Math.max(SHORTEST_MS, Math.floor(windowMs / READINGS)));
}
