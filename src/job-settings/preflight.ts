import {
  clusterStages,
  gpuOf,
  gpusOf,
  imageOf,
  imagesFor,
  IMAGES,
  localStages,
  usesHps,
  type BenchImage,
} from '../planner/index.js';
import type { StageForecast } from '../planner/index.js';
import type { Spec } from '../spec/index.js';

/** Folders that the stages write to, as their programs see them. */
export interface PreflightFolders {
  readonly artifacts: string;
  /** Left out on one machine, where no engines are built. */
  readonly engines?: string;
}

type Json = Record<string, unknown>;

/**
 * The `preflight` section of settings.json for the stages of a cluster: what each needs, from the same formulas as
 * `hps-bench plan`. The programs compare it with what they find before they write anything.
 */
export function clusterPreflight(spec: Spec, folders: Required<PreflightFolders>): { preflight: Json } {
  const { image, gpuProduct } = spec.cluster;
  return {
    preflight: {
      gpu:
        gpusOf(spec) === 0
          ? null
          : {
              product: gpuProduct,
              capability: gpuOf(gpuProduct)?.capability ?? null,
              image,
              hps_capabilities: usesHps(spec) ? [...(imageOf(image)?.hpsCapabilities ?? [])] : [],
              driver: driverOf(imageOf(image)),
              images: usefulImages(spec).map(({ name, hpsCapabilities }) => ({ name, capabilities: hpsCapabilities })),
            },
      stages: clusterStages(spec).flatMap((stage) => stageNeeds(stage, folders)),
    },
  };
}

/**
 * The same for one machine, which has no image and so nothing that is compiled for an architecture.
 * @param gpu the machine's own, where the run takes it
 */
export function localPreflight(
  spec: Spec,
  folders: PreflightFolders,
  gpu?: { readonly product: string; readonly capability: string },
): { preflight: Json } {
  const own =
    gpu === undefined
      ? null
      : {
          ...{ product: gpu.product, capability: gpu.capability, image: "this machine's PyTorch" },
          ...{ hps_capabilities: [], driver: driverOf(undefined), images: [] },
        };
  return { preflight: { gpu: own, stages: localStages(spec).flatMap((stage) => stageNeeds(stage, folders)) } };
}

/** An image that nobody knows is not refused for its driver. */
function driverOf(image: BenchImage | undefined): Json {
  return image === undefined
    ? { minimum: '0', branches: [] }
    : { minimum: image.driver.minimum, branches: [...image.driver.branches] };
}

/** Images with every plug-in that the variants need, newest first, each once. */
function usefulImages(spec: Spec): BenchImage[] {
  const capabilities = new Set(IMAGES.flatMap(({ hpsCapabilities }) => hpsCapabilities ?? []));
  const useful = new Set([...capabilities].flatMap((capability) => imagesFor(capability, spec.variants)));
  return IMAGES.toReversed().filter((image) => useful.has(image));
}

function stageNeeds(stage: StageForecast, folders: PreflightFolders): Json[] {
  if (stage.stage === 'measure') return [];
  const folder = stage.stage === 'create-models' ? folders.artifacts : (folders.engines ?? folders.artifacts);
  return [
    {
      stage: stage.stage,
      gpu_bytes: Math.ceil(stage.gpuBytes),
      host_bytes: Math.ceil(stage.hostBytes),
      shm_bytes: Math.ceil(stage.shmBytes),
      disk_bytes: Math.ceil(stage.diskBytes),
      disk_folder: folder,
    },
  ];
}
