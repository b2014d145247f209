import { diskForecast, usableBytes } from './disk.js';
import { nearestProduct } from './gpus.js';
import { usesHps } from './memory.js';
import { gpusOf } from './place.js';
import type { ClusterFacts } from './problems.js';
import { bytesOf, bytesText } from './quantity.js';
import { cellForecasts } from './time.js';

function imageWarnings({ spec, image }: ClusterFacts): string[] {
  if (gpusOf(spec) === 0) return [];
  if (image === undefined)
    return [`${spec.cluster.image} is not in the catalogue: nothing is known of its architectures, driver or plug-ins`];
  return [
    ...(image.remark === undefined ? [] : [`${image.name}: ${image.remark}`]),
    ...(image.hpsCapabilities === undefined && usesHps(spec)
      ? [`${image.name}: which architectures its HPS code is for is not published`]
      : []),
  ];
}

function gpuWarnings({ spec, gpu }: ClusterFacts): string[] {
  if (gpusOf(spec) === 0) return [];
  if (gpu === undefined) {
    const near = nearestProduct(spec.cluster.gpuProduct);
    const guess = near === undefined ? '' : `; did you mean "${near}"?`;
    return [`${spec.cluster.gpuProduct} is not in the catalogue: image and GPU memory were not checked${guess}`];
  }
  return [
    ...(gpu.arm ? [`${gpu.product} comes with an Arm processor; the known images are for x86-64`] : []),
    ...(gpu.mig ? ['a MIG slice: its figures cannot be compared with a whole GPU'] : []),
    ...(gpu.shared ? ['a time-shared GPU: others may hold its memory and time while measuring'] : []),
  ];
}

function volumeWarnings({ spec }: ClusterFacts): string[] {
  const { withoutHardLinks } = diskForecast(spec);
  const { size } = spec.cluster.storage;
  if (withoutHardLinks <= usableBytes(bytesOf(size))) return [];
  return [
    `on a file system without hard links the volume would hold ${bytesText(withoutHardLinks)}, more than files may take of ${size}`,
  ];
}

function timeWarnings({ spec }: ClusterFacts): string[] {
  const { deadlineSeconds, mode, windowMs, maxTrials } = spec.perfAnalyzer;
  const longest = Math.max(0, ...cellForecasts(spec).map(({ microseconds }) => (microseconds ?? 0) / 1e6));
  const trials = maxTrials * ((1.2 * windowMs) / 1000 + longest);
  if (mode !== 'time_windows' || trials <= deadlineSeconds) return [];
  return [
    `all ${maxTrials} windows of ${windowMs} ms take up to ${Math.ceil(trials)} s, and perf_analyzer is stopped after perfAnalyzer.deadlineSeconds = ${deadlineSeconds}`,
  ];
}

/** What should be known although nothing forbids the run. */
export function clusterWarnings(facts: ClusterFacts): string[] {
  return [imageWarnings, gpuWarnings, volumeWarnings, timeWarnings].flatMap((check) => check(facts));
}
