import type { Spec } from '../spec/index.js';
import type { Place } from './place.js';
import { bytesText } from './quantity.js';
import { CUDA_CONTEXT, LOCAL_ENVIRONMENT, LOCAL_GPU_ENVIRONMENT, PROCESS_BASE, usesHps } from './memory.js';
import { cellForecasts, ENGINE_BUILD, HPS_LOAD, JSON_SPEED } from './time.js';

/** Below this perf_analyzer seldom finds three windows alike. */
const FEW_REQUESTS = 10;

function shared(diskSpeed: number): string[] {
  return [
    `Disk speed: assumed, ${bytesText(diskSpeed)} a second; say yours with --disk-speed.`,
    'Windows, warm-up and trials: from the spec. Expected is three windows that agree at once, at most is every trial.',
  ];
}

function hpsNote(): string {
  return `Loading HPS (${HPS_LOAD.expected} s for the full table, at most ${HPS_LOAD.most}) and building an engine (${ENGINE_BUILD.expected} s, at most ${ENGINE_BUILD.most}): not published; assumed. Published for smaller profiles (1024 samples): about 70 s with TensorRT 8.5.1, 2 s with 8.6.`;
}

/** Where a cluster plan's figures come from. */
export function clusterNotes(spec: Spec, diskSpeed: number): string[] {
  const thin = cellForecasts(spec).filter(({ requestsPerWindow }) => (requestsPerWindow ?? Infinity) < FEW_REQUESTS);
  return [
    'Latencies: published for an A100-SXM4-80GB; between published batches interpolated. On another GPU they differ, the windows do not.',
    ...shared(diskSpeed),
    ...(usesHps(spec) ? [hpsNote()] : []),
    `CUDA context ${bytesText(CUDA_CONTEXT)}, server or builder process ${bytesText(PROCESS_BASE)}, reading of request files ${bytesText(JSON_SPEED)} a second: not published; assumed. TensorRT uses more GPU memory while building if it is free.`,
    'Not counted: pulling the image, waiting for a node, the first request of a cold cache, retries.',
    ...(thin.length === 0
      ? []
      : [
          `Fewer than ${FEW_REQUESTS} requests fit a window for ${thin.map(({ variant, batch }) => `${variant} at ${batch}`).join(', ')}; raise perfAnalyzer.windowMs.`,
        ]),
  ];
}

/** Where the figures of a plan without a GPU come from. */
export function localNotes(diskSpeed: number, place: Place): string[] {
  return [
    'No GPU, no HPS. No latency of these variants is published: windows, not latencies, decide the time. A slow CPU with large batches takes longer.',
    ...shared(diskSpeed),
    'Memory and start-up: seen with the smoke and local presets on two cores, extended in proportion to the table.',
    place === 'cluster'
      ? 'Not counted: pulling the image, waiting for a node, retries.'
      : `Not counted: Python packages, once for all runs: about 0.7 GB to fetch, ${bytesText(LOCAL_ENVIRONMENT)} of disk (seen).`,
  ];
}

/** Where the figures of a plan for this machine's GPU come from. */
export function localGpuNotes(diskSpeed: number): string[] {
  return [
    "No HPS. Latencies of these variants are in docs/current-gpus.md for one H200; windows, not latencies, decide the time. This machine's GPU memory is checked when the run starts.",
    ...shared(diskSpeed),
    `Not counted: Triton and perf_analyzer, once for all runs: about 60 MB to fetch, ${bytesText(LOCAL_GPU_ENVIRONMENT)} of disk (seen). PyTorch is the one that is there.`,
  ];
}
