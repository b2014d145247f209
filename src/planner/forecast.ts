import { plannedMeasurements, specHash, variantOf, type Spec } from '../spec/index.js';
import { type DiskForecast, diskForecast } from './disk.js';
import { gpuOf, type Gpu } from './gpus.js';
import { imageOf, type BenchImage } from './images.js';
import * as memory from './memory.js';
import { clusterNotes, localGpuNotes, localNotes } from './notes.js';
import { gpusOf, type Place, placeOf, takesLocalGpu } from './place.js';
import { type Machine, machineProblems } from './machine.js';
import { clusterProblems, type PlanProblem } from './problems.js';
import { clusterWarnings } from './warnings.js';
import { clusterStages, DISK_SPEED, loadFactorOf, localStages, type StageForecast } from './stages.js';
import * as time from './time.js';

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

function add(parts: readonly time.Seconds[]): time.Seconds {
  const total = (key: keyof time.Seconds): number => parts.reduce((sum, seconds) => sum + seconds[key], 0);
  return { expected: total('expected'), most: total('most') };
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
  const withGpu = gpusOf(spec) > 0;
  const image = withGpu ? imageOf(spec.cluster.image) : undefined;
  const gpu = withGpu ? gpuOf(spec.cluster.gpuProduct) : undefined;
  const hostBytes = Math.max(...stages.map((each) => each.hostBytes));
  const facts = { spec, image, gpu, driver: options.driver, nodeMemory: options.nodeMemory, hostBytes };
  const problems = clusterProblems(facts);
  return {
    ...common(spec, stages),
    place: 'cluster',
    image: image ?? null,
    gpu: gpu ?? null,
    gpuParts: withGpu ? memory.servingGpuParts(spec) : [],
    hostParts: withGpu ? memory.servingHostParts(spec, loadFactorOf(spec)) : [],
    fits: problems.length === 0,
    problems,
    warnings: clusterWarnings(facts),
    notes: withGpu ? clusterNotes(spec, diskSpeed) : localNotes(diskSpeed, 'cluster'),
  };
}

function localForecast(spec: Spec, options: PlanOptions): Forecast {
  const diskSpeed = options.diskSpeed ?? DISK_SPEED;
  const withGpu = takesLocalGpu(spec);
  const stages = localStages(spec, diskSpeed);
  const needs = {
    // Where there are no hard links the vectors lie there twice.
    disk: diskForecast(spec).withoutHardLinks + (withGpu ? memory.LOCAL_GPU_ENVIRONMENT : memory.LOCAL_ENVIRONMENT),
    // Triton goes on while measuring.
    memory: Math.max(stages[0]?.hostBytes ?? 0, (stages[1]?.hostBytes ?? 0) + (stages[2]?.hostBytes ?? 0)),
    shm: Math.max(...stages.map(({ shmBytes }) => shmBytes)),
  };
  const strangers = withGpu ? [] : spec.variants.filter((id) => !variantOf(id).local);
  const problems: PlanProblem[] = [
    ...(strangers.length === 0
      ? []
      : [
          {
            what: 'variants' as const,
            message: `${strangers.join(', ')} cannot be served on this machine beside the others, without a GPU and NVIDIA's image`,
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
    gpuParts: withGpu ? memory.servingGpuParts(spec) : [],
    hostParts: withGpu ? memory.servingHostParts(spec, loadFactorOf(spec)) : [],
    fits: problems.length === 0,
    problems,
    warnings: [],
    notes: withGpu ? localGpuNotes(diskSpeed) : localNotes(diskSpeed, 'local'),
  };
}
