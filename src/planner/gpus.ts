import { nearest } from '../spec/spelling.js';
import type { Capability } from './capability.js';

/** A GPU product. */
export interface Gpu {
  /** Label `nvidia.com/gpu.product` without "NVIDIA-". */
  readonly product: string;
  readonly capability: Capability;
  /** Memory in bytes, as nvidia-smi and the label `nvidia.com/gpu.memory` report it. */
  readonly bytes: number;
  /** Processor of the machines that it comes in, where that is not x86-64. */
  readonly arm: boolean;
  /** The label says that the GPU is a slice of one (MIG). */
  readonly mig: boolean;
  /** The label says that several pods share it in turn. */
  readonly shared: boolean;
}

const MIB = 2 ** 20;
/** What a MIG slice of n GB has at least, of n GiB: 4864 MiB of a 5 GB slice. Source: NVIDIA, MIG User Guide, profiles. */
const MIG_SHARE = 0.95;

/**
 * Product label, compute capability, memory in MiB. Source: NVIDIA, "CUDA GPU Compute Capability"; memory as nvidia-smi
 * prints it with a recent driver, and the labels of NVIDIA's GPU feature discovery.
 */
const PRODUCTS: readonly (readonly [product: string, capability: Capability, mebibytes: number])[] = [
  ['Tesla-V100-SXM2-16GB', '7.0', 16384],
  ['Tesla-V100-SXM2-32GB', '7.0', 32768],
  ['Tesla-V100-PCIE-16GB', '7.0', 16384],
  ['Tesla-V100-PCIE-32GB', '7.0', 32768],
  ['Tesla-T4', '7.5', 15360],
  ['A100-SXM4-40GB', '8.0', 40960],
  ['A100-SXM4-80GB', '8.0', 81920],
  ['A100-PCIE-40GB', '8.0', 40960],
  ['A100-80GB-PCIe', '8.0', 81920],
  ['A30', '8.0', 24576],
  ['A10', '8.6', 23028],
  ['A10G', '8.6', 23028],
  ['A40', '8.6', 46068],
  ['RTX-A6000', '8.6', 49140],
  ['L4', '8.9', 23034],
  ['L40', '8.9', 46068],
  ['L40S', '8.9', 46068],
  ['H100-80GB-HBM3', '9.0', 81559],
  ['H100-PCIe', '9.0', 81559],
  ['H100-NVL', '9.0', 95830],
  ['H200', '9.0', 143771],
  ['H200-NVL', '9.0', 143771],
  ['GH200-480GB', '9.0', 97871],
  ['B200', '10.0', 183359],
  ['GB200', '10.0', 189471],
  ['RTX-PRO-6000-Blackwell-Server-Edition', '12.0', 97887],
];
const ARM = ['GH200-480GB', 'GB200'];
/** Short names that people write and that mean one product. */
const ALIASES: Readonly<Record<string, string>> = {
  T4: 'Tesla-T4',
  'V100-SXM2-16GB': 'Tesla-V100-SXM2-16GB',
  'V100-SXM2-32GB': 'Tesla-V100-SXM2-32GB',
  'V100-PCIE-16GB': 'Tesla-V100-PCIE-16GB',
  'V100-PCIE-32GB': 'Tesla-V100-PCIE-32GB',
  'A100-PCIE-80GB': 'A100-80GB-PCIe',
  H100: 'H100-80GB-HBM3',
  'H100-SXM5-80GB': 'H100-80GB-HBM3',
  GH200: 'GH200-480GB',
};

/** Every product known, by its label without "NVIDIA-". */
export const GPU_PRODUCTS: readonly string[] = PRODUCTS.map(([product]) => product);

/** Label or nvidia-smi name to one spelling: no "NVIDIA", words joined by "-", any case. */
export function normalProduct(label: string): string {
  return label
    .trim()
    .replace(/^NVIDIA[- ]/i, '')
    .replaceAll(' ', '-')
    .toLowerCase();
}

/** The GPU that a label or an nvidia-smi name means; undefined if it is unknown. */
export function gpuOf(label: string): Gpu | undefined {
  const shared = /-shared$/i.test(label);
  const slice = /-mig-(\d+)g\.(\d+)gb/i.exec(label);
  const plain = normalProduct(label.replace(/-shared$/i, '').replace(/-mig-.*$/i, ''));
  const wanted = normalProduct(Object.entries(ALIASES).find(([alias]) => normalProduct(alias) === plain)?.[1] ?? plain);
  const found = PRODUCTS.find(([product]) => normalProduct(product) === wanted);
  if (found === undefined) return undefined;
  const [product, capability, mebibytes] = found;
  const bytes = slice === null ? mebibytes * MIB : Math.floor(Number(slice[2]) * 1024 * MIG_SHARE) * MIB;
  return { product, capability, bytes, arm: ARM.includes(product), mig: slice !== null, shared };
}

/** A product spelt like an unknown label, for a message. */
export function nearestProduct(label: string): string | undefined {
  const names = [...GPU_PRODUCTS, ...Object.keys(ALIASES)];
  const near = nearest(
    normalProduct(label),
    names.map((name) => normalProduct(name)),
  );
  return names.find((name) => normalProduct(name) === near);
}
