import { variantOf, type Variant } from '../spec/index.js';
import { anyRunsOn, type Capability } from './capability.js';
import { DRIVERS, type DriverNeed } from './driver.js';

/** An image of NVIDIA's that holds Triton with HPS, or Triton with PyTorch. */
export interface BenchImage {
  /** Repository and tag, as in a pod. */
  readonly name: string;
  /** Triton container release that it is built from, and the server's own version. */
  readonly triton: string;
  readonly server: string;
  readonly cuda: string;
  /** Undefined: no TensorFlow backend in it. */
  readonly tensorflow: string | undefined;
  /** PyTorch in Python, for Triton's python backend; undefined: not in it. */
  readonly torch?: string;
  readonly tensorrt: string;
  readonly python: string;
  /** Compute capabilities that its HPS libraries have machine code for; undefined: not published. */
  readonly hpsCapabilities: readonly Capability[] | undefined;
  /** Whether the plug-ins that bring HPS into TensorFlow and TensorRT are in it. */
  readonly tensorflowPlugin: boolean;
  readonly tensorrtPlugin: boolean;
  readonly driver: DriverNeed;
  /** Host memory that HPS takes while it loads a table, in units of the table's bytes. */
  readonly loadFactor: number;
  /** Compressed size in bytes; undefined: not published. */
  readonly compressedBytes: number | undefined;
  /** What is worth knowing before choosing it. */
  readonly remark: string | undefined;
}

/**
 * Host memory while HPS loads, as a multiple of the table's bytes. Source: HugeCTR release notes 23.04, which set both
 * figures side by side: 2.5 until then, 1.3 since tables are read in chunks.
 */
const LOAD_BEFORE_2304 = 2.5;
const LOAD_FROM_2304 = 1.3;

const AMPERE: readonly Capability[] = ['7.0', '7.5', '8.0'];
const HOPPER: readonly Capability[] = ['7.0', '7.5', '8.0', '9.0'];

const REGISTRY = 'nvcr.io/nvidia/merlin';
const base = {
  hpsCapabilities: HOPPER,
  tensorflowPlugin: true,
  tensorrtPlugin: true,
  loadFactor: LOAD_FROM_2304,
  remark: undefined,
};
const focal = { ...base, python: '3.8' };
const jammy = { ...base, python: '3.10' };
const june23 = { triton: '23.06', server: '2.35', cuda: '12.1.1', tensorflow: '2.12.0', driver: DRIVERS['CUDA 12.1'] };
const preload = 'crashes where LD_PRELOAD is set for the whole container (HugeCTR issue 440)';
const unknownPatch = `versions by their Dockerfile, patch releases not published; ${preload}`;

/**
 * Images by release, oldest first. Source: NVIDIA Merlin support matrix (to 23.08), Merlin and HugeCTR Dockerfiles of the
 * tags (later ones and the compiled architectures), HugeCTR release notes.
 */
export const IMAGES: readonly BenchImage[] = [
  {
    ...{ ...focal, name: `${REGISTRY}/merlin-tensorflow:22.12`, triton: '22.10', server: '2.28', cuda: '11.8' },
    ...{ tensorflow: '2.10.0', tensorrt: '8.5.1.7', driver: DRIVERS['CUDA 11.8'], compressedBytes: 12.4e9 },
    ...{ hpsCapabilities: undefined, tensorrtPlugin: false, loadFactor: LOAD_BEFORE_2304 },
  },
  {
    ...{ ...focal, name: `${REGISTRY}/merlin-tensorflow:23.02`, triton: '22.12', server: '2.29', cuda: '11.8' },
    ...{ tensorflow: '2.10.1', tensorrt: '8.5.1.7', driver: DRIVERS['CUDA 11.8'], compressedBytes: 6.5e9 },
    ...{ hpsCapabilities: AMPERE, loadFactor: LOAD_BEFORE_2304 },
  },
  {
    ...{ ...focal, name: `${REGISTRY}/merlin-tensorflow:23.04`, triton: '23.02', server: '2.31', cuda: '12.0.1' },
    ...{ tensorflow: '2.11.0', tensorrt: '8.5.3.1', driver: DRIVERS['CUDA 12.0'], compressedBytes: 8.4e9 },
    remark:
      'its release note says that 9.0 is missing, its Dockerfile compiles for it; on Hopper prefer 23.06 or newer',
  },
  {
    ...{ ...focal, name: `${REGISTRY}/merlin-tensorflow:23.05`, triton: '23.02', server: '2.31', cuda: '12.0.1' },
    ...{ tensorflow: '2.11.0', tensorrt: '8.5.3.1', driver: DRIVERS['CUDA 12.0'], compressedBytes: 8.5e9 },
  },
  {
    ...{ ...focal, name: `${REGISTRY}/merlin-tensorflow:23.06`, triton: '23.04', server: '2.33', cuda: '12.1.0' },
    ...{ tensorflow: '2.12.0', tensorrt: '8.6.1.2', driver: DRIVERS['CUDA 12.1'], compressedBytes: 8.2e9 },
  },
  {
    ...{ ...jammy, ...june23, name: `${REGISTRY}/merlin-tensorflow:23.08` },
    ...{ tensorrt: '8.6.1.6', compressedBytes: 6.5e9, remark: preload },
  },
  {
    ...{ ...jammy, ...june23, name: `${REGISTRY}/merlin-tensorflow:23.09` },
    ...{ tensorrt: '8.6.1', compressedBytes: undefined, remark: unknownPatch },
  },
  {
    ...{ ...jammy, ...june23, name: `${REGISTRY}/merlin-tensorflow:23.12` },
    ...{ tensorrt: '8.6.1', compressedBytes: undefined, remark: unknownPatch },
  },
  {
    ...{ ...jammy, name: `${REGISTRY}/merlin-hugectr:24.06`, triton: '24.03', server: '2.44', cuda: '12.4' },
    ...{ tensorflow: '2.15', tensorrt: '8.6', driver: DRIVERS['CUDA 12.4'], compressedBytes: undefined },
    remark: 'patch releases of TensorFlow and TensorRT not published; the last image with HPS',
  },
];

/**
 * Images with Triton's python backend and PyTorch in its Python; no HPS. Source: Triton Inference Server, release
 * compatibility matrix, "trtllm-python-py3"; drivers: release notes 25.04 (the same CUDA 12.9). perf_analyzer is not in
 * them: it is in `tritonserver:<release>-py3-sdk`.
 */
export const TORCH_IMAGES: readonly BenchImage[] = [
  {
    ...{ name: 'nvcr.io/nvidia/tritonserver:25.10-trtllm-python-py3', triton: '25.10', server: '2.62', cuda: '12.9.1' },
    ...{ tensorflow: undefined, torch: '2.8.0a0', tensorrt: '10.11.0.33', python: '3.12', compressedBytes: 16.21e9 },
    ...{ hpsCapabilities: undefined, tensorflowPlugin: false, tensorrtPlugin: false, loadFactor: LOAD_FROM_2304 },
    ...{ driver: DRIVERS['CUDA 12.9'], remark: 'made for TensorRT-LLM; not yet run with this kit' },
  },
];

/** The catalogue's entry for an image reference from any registry, with or without a digest; undefined if unknown. */
export function imageOf(reference: string): BenchImage | undefined {
  const [named = ''] = reference.split('@');
  const short = (name: string): string => name.split('/').slice(-1).join('');
  return [...IMAGES, ...TORCH_IMAGES].find((image) => short(image.name) === short(named));
}

/** Variants that an image lacks the plug-in for. */
export function variantsWithoutPlugin(image: BenchImage, variants: readonly Variant[]): Variant[] {
  return variants.filter(
    ({ hps, backend }) =>
      hps &&
      ((backend === 'tensorflow' && !image.tensorflowPlugin) || (backend === 'tensorrt' && !image.tensorrtPlugin)),
  );
}

/** Images that can serve these variants on a GPU, newest first: code for its architecture and every plug-in. */
export function imagesFor(gpu: Capability, variantIds: readonly string[]): BenchImage[] {
  const variants = variantIds.map(variantOf);
  return IMAGES.toReversed().filter(
    (image) =>
      variantsWithoutPlugin(image, variants).length === 0 &&
      image.hpsCapabilities !== undefined &&
      anyRunsOn(image.hpsCapabilities, gpu),
  );
}
