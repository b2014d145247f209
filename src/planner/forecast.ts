import { plannedMeasurements, specHash, variantOf, type Spec } from '../spec/index.js';
import { type DiskForecast, diskForecast } from './disk.js';
import { gpuOf, type Gpu } from './gpus.js';
import { imageOf, type BenchImage } from './images.js';
import * as memory from './memory.js';
import { clusterNotes, localNotes } from './notes.js';
import { clusterProblems, clusterWarnings, type Machine, machineProblems, type PlanProblem } from './problems.js';
import { quantityFor } from './quantity.js';
import * as time from './time.js';

/** What one stage takes. Bytes at its peak; `disk` is what it adds to the volume. */
export interface StageForecast {
  readonly stage: 'create-models' | 'build-engines' | 'serve' | 'measure';
  /** Whether a GPU is held while it runs. Serving goes on while measuring. */
  readonly holdsGpu: boolean;
  readonly gpuBytes: number;
  readonly hostBytes: number;
  readonly shmBytes: number;
  readonly diskBytes: number;
  /** A memory request for its pod, such as `96Gi`. */
  readonly memoryRequest: string;
  readonly seconds: time.Seconds;
}

/** A whole spec, forecast. */
export interface Forecast {
  readonly schema: 'hps-bench/plan/1';
  readonly name: string;
  readonly specHash: string;
  readonly place: Place;
  /** Measurements to make: cells times repeats. */
  readonly measurements: number;
  readonly image: BenchImage | null;
  readonly gpu: Gpu | null;
  readonly disk: DiskForecast;
  readonly stages: readonly StageForecast[];
  /** What the GPU and the host hold while serving, in bytes. */
  readonly gpuParts: readonly memory.MemoryPart[];
  readonly hostParts: readonly memory.MemoryPart[];
  readonly cells: readonly time.CellForecast[];
  readonly seconds: time.Seconds;
  /** Hours of one GPU: the stages that hold it. */
  readonly gpuHours: time.Seconds;
  readonly fits: boolean;
  readonly problems: readonly PlanProblem[];
  readonly warnings: readonly string[];
  /** Where figures come from, and which are assumed. */
  readonly notes: readonly string[];
}

export type Place = 'cluster' | 'local';

/** What the caller knows of where the spec shall run. */
export interface PlanOptions {
  /** @default local if a variant can be served nowhere else and none needs a cluster, else cluster */
  readonly place?: Place;
  /** Speed of the disk in bytes a second. @default 500 MB/s */
  readonly diskSpeed?: number;
  /** The nodes' NVIDIA driver. @default the plan only says what is needed */
  readonly driver?: string;
  /** Memory of a GPU node in bytes. @default not checked */
  readonly nodeMemory?: number;
  /** This machine, for a local plan. @default not checked */
  readonly machine?: Machine;
}

const DISK_SPEED = 500e6;
/** Load factor of an image that is not in the catalogue: the worse of the two known. */
const UNKNOWN_LOAD_FACTOR = 2.5;

export function placeOf(spec: Spec): Place {
  const variants = spec.variants.map(variantOf);
  return variants.every(({ local }) => local) && variants.some(({ cluster }) => !cluster) ? 'local' : 'cluster';
}

function add(parts: readonly time.Seconds[]): time.Seconds {
  const total = (key: keyof time.Seconds): number => parts.reduce((sum, seconds) => sum + seconds[key], 0);
  return { expected: total('expected'), most: total('most') };
}

type Draft = Omit<StageForecast, 'memoryRequest'>;

function stage(draft: Draft): StageForecast {
  return { ...draft, memoryRequest: quantityFor(draft.hostBytes * memory.REQUEST_MARGIN) };
}

/** The stages of a spec on a cluster. */
export function clusterStages(spec: Spec, diskSpeed = DISK_SPEED): StageForecast[] {
  const loadFactor = imageOf(spec.cluster.image)?.loadFactor ?? UNKNOWN_LOAD_FACTOR;
  const disk = diskForecast(spec);
  const none = { gpuBytes: 0, shmBytes: 0, diskBytes: 0, holdsGpu: false };
  const build = stage({
    ...{ ...none, stage: 'build-engines', holdsGpu: true, gpuBytes: memory.buildingGpuBytes(spec) },
    ...{ hostBytes: memory.buildingHostBytes(spec, loadFactor), diskBytes: disk.engines },
    seconds: time.buildSeconds(spec),
  });
  return [
    stage({
      ...{ ...none, stage: 'create-models', hostBytes: memory.CREATE_MODELS },
      diskBytes: disk.vectors + disk.keys + disk.dense + disk.requests,
      seconds: time.createSeconds(spec, diskSpeed),
    }),
    ...(disk.engines > 0 ? [build] : []),
    stage({
      ...{ ...none, stage: 'serve', holdsGpu: true, gpuBytes: memory.sum(memory.servingGpuParts(spec)) },
      hostBytes: memory.sum(memory.servingHostParts(spec, loadFactor)),
      seconds: time.serveSeconds(spec, diskSpeed, false),
    }),
    stage({
      ...{ ...none, stage: 'measure', holdsGpu: true, hostBytes: memory.measuringHostBytes(spec) },
      diskBytes: disk.results,
      seconds: time.measureSeconds(spec, time.cellForecasts(spec)),
    }),
  ];
}

/** The stages of a spec on this machine. */
export function localStages(spec: Spec, diskSpeed = DISK_SPEED): StageForecast[] {
  const disk = diskForecast(spec);
  const needs = memory.localMemory(spec);
  const none = { gpuBytes: 0, shmBytes: 0, diskBytes: 0, holdsGpu: false };
  return [
    stage({
      ...{ ...none, stage: 'create-models', hostBytes: needs.create },
      diskBytes: disk.vectors + disk.keys + disk.dense + disk.requests,
      seconds: time.createSeconds(spec, diskSpeed),
    }),
    stage({
      ...{ ...none, stage: 'serve', hostBytes: needs.serve, shmBytes: needs.shm },
      seconds: time.serveSeconds(spec, diskSpeed, true),
    }),
    stage({
      ...{ ...none, stage: 'measure', hostBytes: memory.measuringHostBytes(spec), diskBytes: disk.results },
      seconds: time.measureSeconds(spec, time.cellForecasts(spec)),
    }),
  ];
}

/** Forecasts a checked spec; reads and writes nothing. */
export function forecast(spec: Spec, options: PlanOptions = {}): Forecast {
  const place = options.place ?? placeOf(spec);
  return place === 'local' ? localForecast(spec, options) : clusterForecast(spec, options);
}

function common(spec: Spec, stages: readonly StageForecast[]) {
  const holding = add(stages.filter(({ holdsGpu }) => holdsGpu).map(({ seconds }) => seconds));
  return {
    schema: 'hps-bench/plan/1' as const,
    name: spec.name,
    specHash: specHash(spec),
    measurements: plannedMeasurements(spec).length,
    disk: diskForecast(spec),
    stages,
    cells: time.cellForecasts(spec),
    seconds: add(stages.map(({ seconds }) => seconds)),
    gpuHours: { expected: holding.expected / 3600, most: holding.most / 3600 },
  };
}

function clusterForecast(spec: Spec, options: PlanOptions): Forecast {
  const diskSpeed = options.diskSpeed ?? DISK_SPEED;
  const stages = clusterStages(spec, diskSpeed);
  const image = imageOf(spec.cluster.image);
  const gpu = gpuOf(spec.cluster.gpuProduct);
  const hostBytes = Math.max(...stages.map((each) => each.hostBytes));
  const facts = { spec, image, gpu, driver: options.driver, nodeMemory: options.nodeMemory, hostBytes };
  const problems = clusterProblems(facts);
  return {
    ...common(spec, stages),
    place: 'cluster',
    image: image ?? null,
    gpu: gpu ?? null,
    gpuParts: memory.servingGpuParts(spec),
    hostParts: memory.servingHostParts(spec, image?.loadFactor ?? UNKNOWN_LOAD_FACTOR),
    fits: problems.length === 0,
    problems,
    warnings: clusterWarnings(facts),
    notes: clusterNotes(spec, diskSpeed),
  };
}

function localForecast(spec: Spec, options: PlanOptions): Forecast {
  const diskSpeed = options.diskSpeed ?? DISK_SPEED;
  const stages = localStages(spec, diskSpeed);
  const needs = {
    // Where there are no hard links the vectors lie there twice.
    disk: diskForecast(spec).withoutHardLinks + memory.LOCAL_ENVIRONMENT,
    // Triton goes on while measuring.
    memory: Math.max(stages[0]?.hostBytes ?? 0, (stages[1]?.hostBytes ?? 0) + (stages[2]?.hostBytes ?? 0)),
    shm: Math.max(...stages.map(({ shmBytes }) => shmBytes)),
  };
  const strangers = spec.variants.filter((id) => !variantOf(id).local);
  const problems: PlanProblem[] = [
    ...(strangers.length === 0
      ? []
      : [
          {
            what: 'variants' as const,
            message: `${strangers.join(', ')} cannot be served on this machine without a GPU and NVIDIA's image`,
            fix: `leave out ${strangers.join(', ')}, or plan for a cluster`,
          },
        ]),
    ...(options.machine === undefined ? [] : machineProblems(needs, options.machine)),
  ];
  return {
    ...common(spec, stages),
    place: 'local',
    image: null,
    gpu: null,
    gpuParts: [],
    hostParts: [],
    fits: problems.length === 0,
    problems,
    warnings: [],
    notes: localNotes(diskSpeed),
  };
}
