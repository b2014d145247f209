/**
 * Which releases could have printed a text. The text never says it; wordings that came
 * and went do, within bounds. Bounds are Triton releases, `YY.MM`.
 */
import type { Measurement, Reading, Settings, Wording } from './reading.js';

export interface ReleaseRange {
  /** First release with all the wordings, undefined where nothing bounds it. */
  from?: string;
  /** Last release with all the wordings. */
  to?: string;
  /** False when the wordings contradict each other: texts of several releases in one. */
  consistent: boolean;
}

type Bounds = [from: string | undefined, to: string | undefined];

const BY_WORDING: Record<Wording, Bounds> = {
  'rate per second': ['25.01', undefined],
  'rate per seconds': [undefined, '24.12'],
  'pass with dot': ['23.03', undefined],
  'pass without dot': [undefined, '23.04'],
  'summary without throughput': [undefined, '20.10'],
  'total of requests': ['24.05', '24.08'],
  'benchmark requests': ['24.09', undefined],
  'th percentile': [undefined, '19.12'],
  'comma after the last column': ['22.04', '23.08'],
};

const BY_COLUMN: Record<string, Bounds> = {
  'Server Compute': [undefined, '20.06'],
  'Server Compute Infer': ['20.08', undefined],
  'Response Throughput': ['23.09', undefined],
  'Server Cache Hit': ['22.02', undefined],
  'Server Cache Miss': ['22.03', undefined],
  'request/response': ['22.04', undefined],
  'Avg GPU Utilization': ['22.09', undefined],
};

function settingsBounds(settings: Settings): Bounds[] {
  const bounds: Bounds[] = [];
  const kind = settings.service_kind;
  if (kind !== undefined) bounds.push(/[a-z]/.test(kind) ? ['22.11', '24.04'] : ['24.05', undefined]);
  // The line on calls comes with all others: what is missing beside it was not printed.
  else if (settings.calls !== undefined) bounds.push([undefined, '22.10']);
  if (settings.mode !== undefined) bounds.push(['21.06', undefined]);
  else if (settings.calls !== undefined && settings.request_count_setting === undefined) {
    bounds.push([undefined, '21.05']);
  }
  if (settings.stabilizing !== undefined) {
    bounds.push(settings.stabilizing.endsWith('throughput') ? ['24.07', undefined] : [undefined, '24.06']);
  }
  return bounds;
}

function measurementBounds(m: Measurement): Bounds[] {
  const rules: [boolean, Bounds][] = [
    [m.execution_count !== undefined, ['20.08', undefined]],
    [(m.server_request_count ?? 0) > 0, [undefined, '20.06']],
    [m.delayed_request_count !== undefined, [undefined, '23.06']],
    [m.client_overhead_pct !== undefined, ['23.03', undefined]],
    [m.response_throughput !== undefined, ['23.09', undefined]],
    [m.cache_hit_count !== undefined, ['22.02', undefined]],
    [m.cache_miss_count !== undefined, ['22.03', undefined]],
    [m.gpu?.avg_utilization_pct !== undefined, ['22.11', undefined]],
    [m.composing_models?.some((model) => model.version === '') ?? false, [undefined, '23.04']],
    // Numbers and the complaint that they are unstable: later releases print one of them.
    [m.flags?.unstable === true && m.flags.no_result !== true, [undefined, '22.05']],
  ];
  return rules.filter(([holds]) => holds).map(([, bounds]) => bounds);
}

function readingBounds(reading: Reading): Bounds[] {
  const version = reading.profile_export?.version;
  return [
    ...reading.wording.map((wording) => BY_WORDING[wording]),
    ...settingsBounds(reading.settings ?? {}),
    ...(reading.kind === 'stdout' ? reading.measurements.flatMap(measurementBounds) : []),
    ...(reading.csv_columns ?? []).map((column): Bounds => BY_COLUMN[column] ?? [undefined, undefined]),
    ...(reading.summary.some((row) => row.stale) ? [['22.06', '23.04'] as Bounds] : []),
    ...(reading.warnings.some((line) => line.includes('not able to keep up')) ? [['23.03', undefined] as Bounds] : []),
    ...(version !== undefined && /^\d\d\.\d\d$/.test(version) ? [[version, version] as Bounds] : []),
  ];
}

/** The releases that could have printed what the reading was read from: a range, never a point. */
export function releaseRange(reading: Reading): ReleaseRange {
  let from: string | undefined;
  let to: string | undefined;
  for (const [first, last] of readingBounds(reading)) {
    if (first !== undefined && (from === undefined || first > from)) from = first;
    if (last !== undefined && (to === undefined || last < to)) to = last;
  }
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    consistent: from === undefined || to === undefined || from <= to,
  };
}
