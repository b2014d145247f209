import { bytesOf, clusterStages, diskForecast } from '../planner/index.js';
import type { Spec } from '../spec/index.js';
import { cpuQuantity, memoryQuantity } from './quantities.js';

const GIB = 2 ** 30;

/** Shared memory of the serving pod: Triton's python backend and the frameworks' workers keep tensors there. */
const SHARED_MEMORY_BYTES = 2 * GIB;

export type SizedStage = 'createModels' | 'buildEngines' | 'serve' | 'measure' | 'conductor';

/** Canonical quantities of one container, request and limit alike. */
export interface Size {
  readonly cpu: string;
  readonly memory: string;
}

/** What each stage is given: what the spec says, else what its sizes call for. */
export function sizeOf(spec: Spec, stage: SizedStage): Size {
  const chosen = spec.cluster.stages[stage];
  const memory = chosen.memory === undefined ? memoryNeeded(spec, stage) : bytesOf(chosen.memory);
  return { cpu: cpuQuantity(chosen.cpu ?? CPUS[stage]), memory: memoryQuantity(memory) };
}

export function sharedMemory(): string {
  return memoryQuantity(SHARED_MEMORY_BYTES);
}

/** Space for a copy of models and requests on a node's own disk: what they take and a tenth of it. */
export function copySize(spec: Spec): string {
  const { vectors, keys, dense, requests } = diskForecast(spec);
  return memoryQuantity(Math.ceil((1.1 * (vectors + keys + dense + requests)) / GIB) * GIB);
}

/** Disk of a pod with such a copy: beside it lie what programs write to /tmp, and logs. */
export function fleetDisk(spec: Spec): string {
  return memoryQuantity(bytesOf(copySize(spec)) + 6 * GIB);
}

const PLANNED: Readonly<Record<SizedStage, string | undefined>> = {
  createModels: 'create-models',
  buildEngines: 'build-engines',
  serve: 'serve',
  measure: 'measure',
  conductor: undefined,
};

/** Measuring needs one CPU that is never waited for and some for the client's threads; serving is the page's one instance. */
const CPUS: Readonly<Record<SizedStage, number>> = {
  createModels: 8,
  buildEngines: 8,
  serve: 8,
  measure: 4,
  conductor: 1,
};

/** The planner's request of the stage: the one set of formulas. The conductor holds logs and records, no tables. */
function memoryNeeded(spec: Spec, stage: SizedStage): number {
  const planned = clusterStages(spec).find((forecast) => forecast.stage === PLANNED[stage]);
  return planned === undefined ? GIB / 2 : bytesOf(planned.memoryRequest);
}
