import type { Spec } from '../spec/index.js';
import { diskForecast } from './disk.js';
import { imageOf } from './images.js';
import * as memory from './memory.js';
import { gpusOf, takesLocalGpu } from './place.js';
import { quantityFor } from './quantity.js';
import * as time from './time.js';

/** Bytes a second; assumed where the caller does not say. */
export const DISK_SPEED = 500e6;
/** Load factor of an image that is not in the catalogue: the worse of the two known. */
const UNKNOWN_LOAD_FACTOR = 2.5;

/** How much host memory HPS takes while loading, in units of the table's bytes. */
export function loadFactorOf(spec: Spec): number {
  return imageOf(spec.cluster.image)?.loadFactor ?? UNKNOWN_LOAD_FACTOR;
}

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

type Draft = Omit<StageForecast, 'memoryRequest'>;

function stage(draft: Draft): StageForecast {
  return { ...draft, memoryRequest: quantityFor(draft.hostBytes * memory.REQUEST_MARGIN) };
}

/** The stages of a spec on a cluster; without a GPU its variants are those of one machine. */
export function clusterStages(spec: Spec, diskSpeed = DISK_SPEED): StageForecast[] {
  return gpusOf(spec) === 0 ? cpuStages(spec, diskSpeed) : gpuStages(spec, diskSpeed);
}

/** The stages of a spec on this machine, with its GPU where the variants are PyTorch's. */
export function localStages(spec: Spec, diskSpeed = DISK_SPEED): StageForecast[] {
  return takesLocalGpu(spec) ? gpuStages(spec, diskSpeed) : cpuStages(spec, diskSpeed);
}

function gpuStages(spec: Spec, diskSpeed: number): StageForecast[] {
  const loadFactor = loadFactorOf(spec);
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

/** Without a GPU, on this machine or a node. */
function cpuStages(spec: Spec, diskSpeed: number): StageForecast[] {
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
