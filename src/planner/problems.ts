import { variantOf, type Spec } from '../spec/index.js';
import { anyRunsOn } from './capability.js';
import { diskForecast, usableBytes } from './disk.js';
import { driverSuffices, driverText } from './driver.js';
import { type Gpu, nearestProduct } from './gpus.js';
import { type BenchImage, IMAGES, imagesFor, variantsWithoutPlugin } from './images.js';
import { servingGpuParts, sum, usesHps } from './memory.js';
import { bytesOf, bytesText, quantityFor } from './quantity.js';

/** Why a spec cannot run as it stands, and what would do. */
export interface PlanProblem {
  readonly what: 'image' | 'plug-in' | 'gpu-memory' | 'volume' | 'driver' | 'host-memory' | 'disk' | 'shm' | 'variants';
  readonly message: string;
  readonly fix: string;
}

/** What is found and needed, for the checks below. */
export interface ClusterFacts {
  readonly spec: Spec;
  readonly image: BenchImage | undefined;
  readonly gpu: Gpu | undefined;
  /** The nodes' driver, where the caller knows it. */
  readonly driver: string | undefined;
  /** A node's memory in bytes, where the caller knows it. */
  readonly nodeMemory: number | undefined;
  /** Host bytes of the hungriest stage. */
  readonly hostBytes: number;
}

function imageProblems({ spec, image, gpu }: ClusterFacts): PlanProblem[] {
  if (image === undefined) return [];
  const problems: PlanProblem[] = [];
  const lacking = variantsWithoutPlugin(image, spec.variants.map(variantOf));
  if (lacking.length > 0)
    problems.push({
      what: 'plug-in',
      message: `${image.name} has no HPS plug-in for ${lacking.map(({ id }) => id).join(', ')}`,
      fix: `set cluster.image to one that has: ${IMAGES.filter(
        (other) => variantsWithoutPlugin(other, lacking).length === 0,
      )
        .map(({ name }) => name)
        .join(', ')}`,
    });
  const compiled = image.hpsCapabilities;
  if (gpu === undefined || compiled === undefined || !usesHps(spec) || anyRunsOn(compiled, gpu.capability))
    return problems;
  const others = imagesFor(gpu.capability, spec.variants).map(({ name }) => name);
  problems.push({
    what: 'image',
    message: `${image.name} has HPS code for compute capability ${compiled.join(', ')} and none for ${gpu.product} (${gpu.capability})`,
    fix:
      others.length > 0
        ? `set cluster.image to one that has: ${others.join(', ')}`
        : 'no image with HPS has it, for HPS ended before this architecture; use a Hopper GPU or older, or only variants without HPS',
  });
  return problems;
}

/** The largest power of two at which everything fits, or undefined. */
function fittingBatch(spec: Spec, bytes: number): number | undefined {
  for (let batch = 2 ** Math.floor(Math.log2(spec.engine.maxBatch)); batch >= 1; batch /= 2) {
    const smaller = { ...spec, engine: { ...spec.engine, maxBatch: batch }, batches: [batch] };
    if (batch < spec.engine.maxBatch && sum(servingGpuParts(smaller)) <= bytes) return batch;
  }
  return undefined;
}

function gpuMemoryProblems({ spec, gpu }: ClusterFacts): PlanProblem[] {
  if (gpu === undefined) return [];
  const needed = sum(servingGpuParts(spec));
  if (needed <= gpu.bytes) return [];
  const batch = fittingBatch(spec, gpu.bytes);
  return [
    {
      what: 'gpu-memory',
      message: `serving needs ${bytesText(needed)} of GPU memory, ${gpu.product}${gpu.mig ? ' (MIG slice)' : ''} has ${bytesText(gpu.bytes)}`,
      fix:
        batch === undefined
          ? 'use a larger GPU, or lower hps.gpuCacheFraction, hps.workers or model.scale'
          : `set engine.maxBatch to ${batch} and keep only batches up to it, lower hps.workers, or use a larger GPU`,
    },
  ];
}

function volumeProblems({ spec }: ClusterFacts): PlanProblem[] {
  const { atRest } = diskForecast(spec);
  const usable = usableBytes(bytesOf(spec.cluster.storage.size));
  if (atRest <= usable) return [];
  return [
    {
      what: 'volume',
      message: `the volume holds ${bytesText(atRest)}, of ${spec.cluster.storage.size} files may take ${bytesText(usable)}`,
      fix: `set cluster.storage.size to ${quantityFor(atRest * 1.1)} or more`,
    },
  ];
}

function nodeProblems({ image, driver, nodeMemory, hostBytes }: ClusterFacts): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (driver !== undefined && image !== undefined && !driverSuffices(driver, image.driver))
    problems.push({
      what: 'driver',
      message: `driver ${driver}; ${image.name} (CUDA ${image.cuda}) needs ${driverText(image.driver)}`,
      fix: "update the nodes' driver, or use an older image",
    });
  if (nodeMemory !== undefined && nodeMemory < hostBytes)
    problems.push({
      what: 'host-memory',
      message: `a stage needs ${bytesText(hostBytes)} of host memory, a node has ${bytesText(nodeMemory)}`,
      fix: 'use larger nodes, an image from 23.04 on (which loads the table in pieces), fewer hps.workers, or a smaller model.scale',
    });
  return problems;
}

function placeProblems({ spec }: ClusterFacts): PlanProblem[] {
  const strangers = spec.variants.filter((id) => !variantOf(id).cluster);
  if (strangers.length === 0) return [];
  return [
    {
      what: 'variants',
      message: `${strangers.join(', ')} cannot be served on a cluster, and others of this spec need one`,
      fix: `leave out ${strangers.join(', ')}`,
    },
  ];
}

/** Everything that keeps a spec from running on a cluster. */
export function clusterProblems(facts: ClusterFacts): PlanProblem[] {
  return [placeProblems, imageProblems, gpuMemoryProblems, volumeProblems, nodeProblems].flatMap((check) =>
    check(facts),
  );
}

/** What should be known although nothing forbids the run. */
export function clusterWarnings({ spec, image, gpu }: ClusterFacts): string[] {
  const warnings: string[] = [];
  if (image === undefined)
    warnings.push(
      `${spec.cluster.image} is not in the catalogue: nothing is known of its architectures, driver or plug-ins`,
    );
  else if (image.remark !== undefined) warnings.push(`${image.name}: ${image.remark}`);
  if (image !== undefined && image.hpsCapabilities === undefined && usesHps(spec))
    warnings.push(`${image.name}: which architectures its HPS code is for is not published`);
  if (gpu === undefined) {
    const near = nearestProduct(spec.cluster.gpuProduct);
    const guess = near === undefined ? '' : `; did you mean "${near}"?`;
    warnings.push(`${spec.cluster.gpuProduct} is not in the catalogue: image and GPU memory were not checked${guess}`);
  }
  if (gpu?.arm === true) warnings.push(`${gpu.product} comes with an Arm processor; the known images are for x86-64`);
  if (gpu?.mig === true) warnings.push('a MIG slice: its figures cannot be compared with a whole GPU');
  if (gpu?.shared === true) warnings.push('a time-shared GPU: others may hold its memory and time while measuring');
  const { withoutHardLinks } = diskForecast(spec);
  if (withoutHardLinks > usableBytes(bytesOf(spec.cluster.storage.size)))
    warnings.push(
      `on a file system without hard links the volume would hold ${bytesText(withoutHardLinks)}, more than ${spec.cluster.storage.size} has`,
    );
  return warnings;
}

/** What the machine has that a local run would use. */
export interface Machine {
  readonly diskFree: number;
  readonly memoryAvailable: number;
  readonly shm: number;
}

/** What keeps a spec from running on this machine. */
export function machineProblems(
  needs: { readonly disk: number; readonly memory: number; readonly shm: number },
  machine: Machine,
): PlanProblem[] {
  const problems: PlanProblem[] = [];
  if (machine.diskFree < needs.disk)
    problems.push({
      what: 'disk',
      message: `the run takes ${bytesText(needs.disk)} of disk, ${bytesText(machine.diskFree)} is free`,
      fix: 'free some space, set HPS_BENCH_CACHE to a folder on a larger disk, or lower model.scale',
    });
  if (machine.memoryAvailable < needs.memory)
    problems.push({
      what: 'host-memory',
      message: `the run takes ${bytesText(needs.memory)} of memory, ${bytesText(machine.memoryAvailable)} is available`,
      fix: 'end other programs, or lower model.scale',
    });
  if (machine.shm < needs.shm)
    problems.push({
      what: 'shm',
      message: `Triton takes ${bytesText(needs.shm)} of shared memory, /dev/shm has ${bytesText(machine.shm)}`,
      fix: 'mount a larger /dev/shm, or leave out the largest batches',
    });
  return problems;
}
