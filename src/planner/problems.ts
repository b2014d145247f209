import { variantOf, type Spec } from '../spec/index.js';
import { anyRunsOn } from './capability.js';
import { diskForecast, usableBytes } from './disk.js';
import { driverSuffices, driverText } from './driver.js';
import type { Gpu } from './gpus.js';
import { type BenchImage, IMAGES, imagesFor, TORCH_IMAGES, variantsWithoutPlugin } from './images.js';
import { servingGpuParts, sum, usesHps } from './memory.js';
import { gpusOf, takesLocalGpu } from './place.js';
import { bytesOf, bytesText, quantityFor } from './quantity.js';

/** Why a spec cannot run as it stands, and what would do. */
export interface PlanProblem {
  readonly what:
    | 'input'
    | 'image'
    | 'plug-in'
    | 'gpu-memory'
    | 'volume'
    | 'driver'
    | 'host-memory'
    | 'disk'
    | 'shm'
    | 'variants'
    | 'design';
  readonly message: string;
  readonly fix: string;
}

/** GPU memory that the driver keeps for itself: 480 MiB seen on an H100 with driver 580. */
const DRIVER_RESERVE = 512 * 2 ** 20;

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

/** Variants whose framework the image does not have. */
function frameworkProblems(spec: Spec, image: BenchImage): PlanProblem[] {
  const variants = spec.variants.map(variantOf);
  const problem = (ids: string[], framework: string, images: readonly BenchImage[]): PlanProblem[] =>
    ids.length === 0
      ? []
      : [
          {
            what: 'image',
            message: `${image.name} has no ${framework} for ${ids.join(', ')}`,
            fix: `set cluster.image to one that has: ${images.map(({ name }) => name).join(', ')}; or leave out ${ids.join(', ')}${takesLocalGpu(spec) ? "; for this machine's GPU: --place local" : ''}`,
          },
        ];
  const inTorch = variants.filter(({ torch }) => torch !== undefined).map(({ id }) => id);
  const inTensorflow = variants.filter(({ backend, hps }) => backend === 'tensorflow' && !hps).map(({ id }) => id);
  return [
    ...(image.torch === undefined ? problem(inTorch, 'PyTorch', TORCH_IMAGES) : []),
    ...(image.tensorflow === undefined ? problem(inTensorflow, 'TensorFlow backend', IMAGES) : []),
  ];
}

/** perf_analyzer has a pod of its own on a cluster, so it shares no memory with Triton. */
function inputProblems({ spec }: ClusterFacts): PlanProblem[] {
  const { input } = spec.perfAnalyzer;
  if (input === 'json' || input === 'binary') return [];
  return [
    {
      what: 'input',
      message: `perfAnalyzer.input ${input} needs perf_analyzer and Triton on one machine; on a cluster they are two pods`,
      fix: 'set perfAnalyzer.input to binary',
    },
  ];
}

function imageProblems({ spec, image, gpu }: ClusterFacts): PlanProblem[] {
  if (image === undefined) return [];
  const problems: PlanProblem[] = frameworkProblems(spec, image);
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
  const usable = gpu.bytes - DRIVER_RESERVE;
  if (needed <= usable) return [];
  const batch = fittingBatch(spec, usable);
  return [
    {
      what: 'gpu-memory',
      message: `serving needs ${bytesText(needed)} of GPU memory, ${gpu.product}${gpu.mig ? ' (MIG slice)' : ''} leaves ${bytesText(usable)} of ${bytesText(gpu.bytes)}`,
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
  if (gpusOf(spec) === 0) {
    const needing = spec.variants.filter((id) => !variantOf(id).local);
    if (needing.length === 0) return [];
    return [
      {
        what: 'variants',
        message: `${needing.join(', ')} cannot be served without a GPU, and cluster.gpus is 0`,
        fix: `set cluster.gpus to 1, or leave out ${needing.join(', ')}`,
      },
    ];
  }
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

function designProblems({ spec }: ClusterFacts): PlanProblem[] {
  if (spec.design.restartTriton === 'never') return [];
  return [
    {
      what: 'design',
      message: `design.restartTriton is ${spec.design.restartTriton}, which only one machine can do`,
      fix: 'set design.restartTriton to never',
    },
  ];
}

/** Everything that keeps a spec from running on a cluster. */
export function clusterProblems(facts: ClusterFacts): PlanProblem[] {
  return [
    placeProblems,
    inputProblems,
    designProblems,
    imageProblems,
    gpuMemoryProblems,
    volumeProblems,
    nodeProblems,
  ].flatMap((check) => check(facts));
}
