import type { Evidence } from '../evidence.js';
import type { MeasurementRecord } from '../record.js';

/** After an error HPS answers with success and an unwritten output, so nothing it says later counts. */
export function hpsErrors(evidence: Evidence): string[] {
  const errors = evidence.hps_errors ?? { count: 0, first: [] };
  if (errors.count === 0) return [];
  return [
    `HPS had logged ${errors.count} errors by then, so its answers mean nothing; the first: ${errors.first[0] ?? ''}`,
  ];
}

/** Latencies of variants that give different scores are those of different models. */
export function parityDoubts({ parity }: Evidence): string[] {
  if (parity == null || parity.ok) return [];
  return [
    `the variants' scores differed by up to ${parity.max_abs_difference.toExponential(1)} before anything was timed, allowed is ${parity.limit.toExponential(1)} (see parity.json: build all variants from the same model)`,
  ];
}

/** What one figure above its limit means. `said`, `allowed`: the two numbers as a person reads them. */
type Meaning = (said: string, allowed: string) => string;

interface Rule {
  readonly unit: 'share' | 'number';
  readonly reason: Meaning;
}

/** The figures of jobs/hpsb_validity.py by name. Each reason says the figure, the limit and the fix. */
export const RULES: Readonly<Record<string, Rule>> = {
  client_cpu_throttled_share: {
    unit: 'share',
    reason: (said, allowed) =>
      `the kernel held perf_analyzer's container back for ${said} of the time, allowed is ${allowed} (raise cluster.stages.measure.cpu, or validity.cpuThrottledShare)`,
  },
  server_cpu_throttled_share: {
    unit: 'share',
    reason: (said, allowed) =>
      `the kernel held Triton's container back for ${said} of the time, allowed is ${allowed} (raise cluster.stages.serve.cpu, or validity.cpuThrottledShare)`,
  },
  gpu_slowdown_share: {
    unit: 'share',
    reason: (said, allowed) =>
      `the GPU slowed itself down for heat or its power supply in ${said} of the samples, allowed is ${allowed} (look at the node's cooling and power: nvidia-smi -q -d PERFORMANCE)`,
  },
  gpu_power_cap_share: {
    unit: 'share',
    reason: (said, allowed) =>
      `the GPU lowered its clocks for its power limit in ${said} of the samples, allowed is ${allowed} (raise the limit: nvidia-smi -pl; or accept it and say so: validity.gpuPowerCapShare)`,
  },
  gpu_clock_loss: {
    unit: 'share',
    reason: (said, allowed) =>
      `the GPU's median SM clock was ${said} below the highest of the run, allowed is ${allowed} (lock the clocks: nvidia-smi -lgc; or raise validity.gpuClockLoss)`,
  },
  gpu_other_processes: {
    unit: 'number',
    reason: (said, allowed) =>
      `${said} other processes were on the GPU, allowed are ${allowed} (give Triton a GPU of its own: no sharing, no MPS, nothing started by hand)`,
  },
  triton_restarts: {
    unit: 'number',
    reason: (said, allowed) =>
      `Triton was started again ${said} times during the measurement, allowed is ${allowed} (see its log for why it ended)`,
  },
  drift_share: {
    unit: 'share',
    reason: (said, allowed) =>
      `unstable: compute infer drifted by ${said} from the first second to the last, allowed is ${allowed} (warm up longer: perfAnalyzer.warmupSeconds; or raise validity.drift)`,
  },
};

/** Each figure beside its limit; null where the evidence has none. */
export function validityOf({ figures, limits }: Evidence): MeasurementRecord['validity'] {
  if (figures == null || limits == null) return null;
  return Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, { figure: figures[name] ?? null, limit }]),
  );
}

/** A reason for each figure above its limit. A figure that is not known doubts nothing; the record says that it is not. */
export function validityDoubts(evidence: Evidence): string[] {
  return Object.entries(validityOf(evidence) ?? {}).flatMap(([name, { figure, limit }]) => {
    if (figure === null || figure <= limit) return [];
    const rule = RULES[name];
    return [rule === undefined ? `${name} is ${figure}, allowed is ${limit}` : ruleText(rule, figure, limit)];
  });
}

function ruleText({ unit, reason }: Rule, figure: number, limit: number): string {
  const text = (value: number): string => (unit === 'share' ? percent(value) : String(value));
  return reason(text(figure), text(limit));
}

/** `3.2 %`, `0.04 %`, `100 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value.toPrecision(2)} %`;
}
