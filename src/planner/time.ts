import { publishedLatency } from '../dlrm/published.js';
import { tableRows } from '../dlrm/slots.js';
import { canaryOf, cellsOf, variantOf, type Cell, type Spec } from '../spec/index.js';
import { diskForecast, engineCount } from './disk.js';
import { usesHps } from './memory.js';

/** Seconds as a pair: what is expected, and what may not be exceeded without something being wrong. */
export interface Seconds {
  readonly expected: number;
  readonly most: number;
}

/** perf_analyzer sleeps 1.2 times the interval in a window. Source: perf_analyzer, inference_profiler.cc. */
const WINDOW_STRETCH = 1.2;
/** Windows that must agree before perf_analyzer stops. Source: perf_analyzer documentation, measurement modes. */
const STABLE_WINDOWS = 3;
/** jobs/measure.py: fewest requests of a request-count window, fewest of a warm-up. */
const FEWEST_REQUESTS = 20;
const WARMUP_FEWEST = 3;
/** perf_analyzer's start and end, seen with this kit at batches to 2048. */
const PROCESS_SECONDS = 0.6;
/** perf_analyzer reading its JSON, in bytes a second. Not published; assumed. */
export const JSON_SPEED = 50e6;
const JSON_PER_SAMPLE = 400;

/** Imports, graph and conversion of create_models.py: 16 s seen at 0.1 % and 1 % of the table, on two cores. */
const CREATE_SECONDS = 16;
/** make_requests.py: 10 s seen for the published batches' 261,472 samples, on two cores. */
const REQUEST_SECONDS_PER_SAMPLE = 10 / 261_472;
/**
 * HPS loading the full table. Not published; assumed. The most is what was reported as too slow (Merlin issue 359).
 */
export const HPS_LOAD = { expected: 180, most: 600 } as const;
/**
 * One TensorRT build at the published profile. Not published; assumed. HugeCTR's notebooks log about 70 s with TensorRT
 * 8.5.1 and 2 s with 8.6 for a profile of at most 1024 samples.
 */
export const ENGINE_BUILD = { expected: 300, most: 1800 } as const;
/** Rows of the full table, which the assumed load is for. */
const FULL_ROWS = 32_709_138;
/** Triton with both CPU variants ready, seen. */
const LOCAL_START = { expected: 10, most: 180 } as const;

/** One cell's forecast. */
export interface CellForecast extends Cell {
  /** Published (or interpolated) compute infer in microseconds; null for a variant that the page does not have. */
  readonly microseconds: number | null;
  /** Whether the page has this very cell. */
  readonly published: boolean;
  /** Requests in one window at that latency; null if it is unknown. */
  readonly requestsPerWindow: number | null;
  /** Of one measurement: start, warm-up and windows. */
  readonly seconds: Seconds;
}

function windowSeconds(spec: Spec, latency: number): Seconds {
  const { mode, windowMs, maxTrials, deadlineSeconds } = spec.perfAnalyzer;
  if (mode === 'request_count') {
    const window = Math.max(windowMs / 1000, (FEWEST_REQUESTS * latency) / spec.concurrency);
    return { expected: window, most: Math.max(window, deadlineSeconds) };
  }
  // A request that is under way at the end of a window is waited for.
  const window = (WINDOW_STRETCH * windowMs) / 1000 + latency;
  return { expected: STABLE_WINDOWS * window, most: Math.min(maxTrials * window, Math.max(deadlineSeconds, window)) };
}

/** Seconds of one measurement of each cell. A latency that nobody published counts as zero: the windows decide then. */
export function cellForecasts(spec: Spec): CellForecast[] {
  const { windowMs, warmupSeconds } = spec.perfAnalyzer;
  return cellsOf(spec).map((cell) => {
    const found = publishedLatency(cell.variant, cell.batch);
    const latency = (found?.microseconds ?? 0) / 1e6;
    const start = PROCESS_SECONDS + (cell.batch * JSON_PER_SAMPLE) / JSON_SPEED;
    const warmup = Math.max(warmupSeconds, WARMUP_FEWEST * latency);
    const windows = windowSeconds(spec, latency);
    const window = (spec.perfAnalyzer.mode === 'time_windows' ? WINDOW_STRETCH : 1) * (windowMs / 1000);
    return {
      ...cell,
      microseconds: found === undefined ? null : Math.round(found.microseconds),
      published: found?.exact ?? false,
      requestsPerWindow: found === undefined ? null : Math.floor((window * cell.concurrency) / latency),
      seconds: { expected: start + warmup + windows.expected, most: start + warmup + windows.most },
    };
  });
}

/** Seconds of all measurements, those of the canary before and after them too. */
export function measureSeconds(spec: Spec, cells: readonly CellForecast[]): Seconds {
  const canary = canaryOf(spec);
  const watched = cells.find(({ variant, batch }) => variant === canary?.variant && batch === canary.batch);
  const total = (key: keyof Seconds): number =>
    spec.repeats * cells.reduce((sum, { seconds }) => sum + seconds[key], 0) +
    2 * (canary?.measurements ?? 0) * (watched?.seconds[key] ?? 0);
  return { expected: total('expected'), most: total('most') };
}

/** create_models.py and make_requests.py. @param diskSpeed bytes a second */
export function createSeconds(spec: Spec, diskSpeed: number): Seconds {
  const { vectors, keys, dense, withoutHardLinks } = diskForecast(spec);
  const samples = spec.batches.reduce((sum, batch) => sum + batch, 0);
  const fixed = CREATE_SECONDS + samples * REQUEST_SECONDS_PER_SAMPLE;
  // At most: the vectors lie there twice, and everything is read again for its digest.
  return {
    expected: fixed + (vectors + keys + dense) / diskSpeed,
    most: 2 * fixed + (2 * withoutHardLinks) / diskSpeed,
  };
}

function scaled(seconds: Seconds, share: number): Seconds {
  return { expected: seconds.expected * share, most: seconds.most * share };
}

function loadSeconds(spec: Spec): Seconds {
  return usesHps(spec) ? scaled(HPS_LOAD, tableRows(spec.model) / FULL_ROWS) : { expected: 0, most: 0 };
}

/** build_engines.py: for each engine a process that loads HPS, then builds. */
export function buildSeconds(spec: Spec): Seconds {
  const load = loadSeconds(spec);
  return scaled(
    { expected: load.expected + ENGINE_BUILD.expected, most: load.most + ENGINE_BUILD.most },
    engineCount(spec),
  );
}

/** Triton until every variant is ready: HPS once, the native table at the disk's speed. */
export function serveSeconds(spec: Spec, diskSpeed: number, local: boolean): Seconds {
  if (local) return LOCAL_START;
  const load = loadSeconds(spec);
  const native = spec.variants
    .map(variantOf)
    .some(({ backend, hps, torch }) => (backend === 'tensorflow' && !hps) || torch !== undefined);
  const read = native ? diskForecast(spec).vectors / diskSpeed : 0;
  return { expected: 30 + load.expected + read, most: 120 + load.most + 2 * read };
}
