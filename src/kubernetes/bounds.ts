import { tableBytes } from '../dlrm/slots.js';
import { plannedRun, type Spec, variantOf } from '../spec/index.js';

/** A slow network disk, in bytes per second: every table is read or written at least that fast. */
const SLOW_DISK = 50e6;
/** NVIDIA's image is 6.5 to 12.4 GB compressed: what a node with a slow line may take to pull it, in s. */
const PULL_SECONDS = 1800;
/** Triton waits this long for requests in flight before it ends, in s (its --exit-timeout-secs). */
export const EXIT_TIMEOUT_SECONDS = 30;
/** How long a released pod may wait for a node, in s: a cluster that grows takes minutes, a queue may take a day. */
const SCHEDULING_SECONDS = { direct: 3600, queued: 86_400 };
/** A killed pod is replaced this often. */
export const REPLACEMENTS = 3;

/** Bounds of one run, in s. */
export interface Bounds {
  readonly createModels: number;
  readonly buildEngines: number;
  /** From Triton's start until all its models are ready: the startup probe's budget. */
  readonly startup: number;
  /** From scaling up until ready: pull and start. */
  readonly serve: number;
  readonly measure: number;
  /** One pod of a fleet: copy, build (or wait for another's engines), serve and measure. */
  readonly fleetPod: number;
  readonly scheduling: number;
  /** From the conductor's first act to its last. */
  readonly run: number;
  /** Of the run's own Jobs from their creation. */
  readonly job: number;
}

/**
 * Bound from creation of a Job that serves every run, in s: two weeks. Not computed, or a spec with more repeats would
 * have another create-models; what bounds its work is the bound of its pod.
 */
export const SHARED_JOB_SECONDS = 14 * 86_400;

/** @param turns runs that one apply starts, one after the other: every Job waits for all before it */
export function boundsOf(spec: Spec, turns = 1): Bounds {
  const { stages: chosen, queue } = spec.cluster;
  const startup = minutes(chosen.serve.deadlineMinutes, startupSeconds(spec));
  const createModels = minutes(chosen.createModels.deadlineMinutes, createSeconds(spec) + PULL_SECONDS);
  const buildEngines = minutes(chosen.buildEngines.deadlineMinutes, engineSeconds(spec) + PULL_SECONDS);
  const measure = minutes(chosen.measure.deadlineMinutes, measureSeconds(spec) + PULL_SECONDS);
  const serve = startup + PULL_SECONDS;
  const scheduling = queue === undefined ? SCHEDULING_SECONDS.direct : SCHEDULING_SECONDS.queued;
  const fleetPod = PULL_SECONDS + minutes(undefined, copySeconds(spec)) + buildEngines + startup + measure;
  const after = spec.fleet === undefined ? buildEngines + serve + measure + 4 * scheduling : fleetPod + 2 * scheduling;
  const run = createModels + after + 600;
  return { createModels, buildEngines, startup, serve, measure, fleetPod, scheduling, run, job: turns * run + 600 };
}

function minutes(chosen: number | undefined, computed: number): number {
  return chosen === undefined ? Math.ceil(computed / 60) * 60 : chosen * 60;
}

/** The table is written twice (for HPS, in the SavedModel) and read once; the rest is TensorFlow's start and small files. */
function createSeconds(spec: Spec): number {
  return (3 * tableBytes(spec.model)) / SLOW_DISK + 900;
}

/** Every pod reads the table from storage that all others read too: a quarter of a slow disk's speed. */
function copySeconds(spec: Spec): number {
  return (4 * tableBytes(spec.model)) / SLOW_DISK + 300;
}

/** Half an hour for each engine (2 to 70 s were logged for a largest batch of 1024), and HPS reading its table. */
function engineSeconds(spec: Spec): number {
  const engines = spec.variants.filter((id) => variantOf(id).backend === 'tensorrt').length;
  return engines * 1800 + tableBytes(spec.model) / SLOW_DISK;
}

/** HPS reads the table once for all its variants, a SavedModel brings its own; then each fills caches and warms up. */
function startupSeconds(spec: Spec): number {
  const own = spec.variants.filter((id) => !variantOf(id).hps).length;
  const tables = own + (own < spec.variants.length ? 1 : 0);
  return (tables * tableBytes(spec.model)) / SLOW_DISK + 120 * spec.variants.length + 120;
}

/** Every measurement at its own deadline. */
function measureSeconds(spec: Spec): number {
  const { warmupSeconds, deadlineSeconds } = spec.perfAnalyzer;
  return plannedRun(spec).length * (warmupSeconds + deadlineSeconds + 10) + 300;
}
