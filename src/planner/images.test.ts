import { describe, expect, it } from 'vitest';
import { VARIANTS } from '../spec/index.js';
import { runsOn } from './capability.js';
import { DRIVERS, driverSuffices } from './driver.js';
import { GPU_PRODUCTS, gpuOf, nearestProduct } from './gpus.js';
import { imageOf, IMAGES, imagesFor, variantsWithoutPlugin } from './images.js';

const published = ['native_tf', 'tf_with_hps', 'fp32_trt_with_hps', 'fp16_trt_with_hps'];
const short = (gpu: `${number}.${number}`, variants = published): string[] =>
  imagesFor(gpu, variants).map(({ name }) => name.replace(/^.*\//, ''));

describe('machine code', () => {
  it('runs on the same major and a minor not below', () => {
    expect(runsOn('8.0', '8.9')).toBe(true);
    expect(runsOn('8.6', '8.0')).toBe(false);
    expect(runsOn('8.0', '9.0')).toBe(false);
    expect(runsOn('9.0', '10.0')).toBe(false);
    expect(runsOn('7.0', '7.5')).toBe(true);
  });
});

describe('the image catalogue', () => {
  it.each([
    ['V100-SXM2-32GB', true],
    ['Tesla-T4', true],
    ['A100-SXM4-80GB', true],
    ['A10', true],
    ['A30', true],
    ['L4', true],
    ['L40S', true],
    ['H100-80GB-HBM3', false],
    ['H200', false],
    ['B200', false],
  ])("says of the page's image on %s: %s", (product, runs) => {
    const gpu = gpuOf(product);
    const names = gpu === undefined ? [] : imagesFor(gpu.capability, published).map(({ name }) => name);
    expect(names.some((name) => name.endsWith('merlin-tensorflow:23.02'))).toBe(runs);
  });

  it('names the images from 23.04 on for Hopper, newest first, and none for Blackwell', () => {
    expect(short('9.0')).toEqual([
      'merlin-hugectr:24.06',
      ...['23.12', '23.09', '23.08', '23.06', '23.05', '23.04'].map((tag) => `merlin-tensorflow:${tag}`),
    ]);
    expect(short('10.0')).toEqual([]);
    expect(short('12.0')).toEqual([]);
  });

  it('knows that 22.12 has no plug-in for TensorRT', () => {
    const image = imageOf('nvcr.io/nvidia/merlin/merlin-tensorflow:22.12');
    expect(image).toBeDefined();
    if (image !== undefined)
      expect(variantsWithoutPlugin(image, VARIANTS).map(({ id }) => id)).toEqual([
        'fp32_trt_with_hps',
        'fp16_trt_with_hps',
      ]);
  });

  it('finds an image in a mirror and with a digest, and does not guess', () => {
    const digest = `@sha256:${'0'.repeat(64)}`;
    expect(imageOf(`mirror.example:5000/nv/merlin-tensorflow:23.06${digest}`)?.triton).toBe('23.04');
    expect(imageOf('nvcr.io/nvidia/merlin/merlin-tensorflow:25.01')).toBeUndefined();
    expect(imageOf(`nvcr.io/nvidia/merlin/merlin-tensorflow${digest}`)).toBeUndefined();
  });

  it('takes 2.5 times the table to load until 23.02 and 1.3 times since', () => {
    expect(IMAGES.map(({ loadFactor }) => loadFactor)).toEqual([2.5, 2.5, ...Array<number>(7).fill(1.3)]);
  });
});

describe('drivers', () => {
  it.each([
    ['525.85.12', 'CUDA 11.8', true],
    ['520.61.05', 'CUDA 11.8', true],
    ['470.82.01', 'CUDA 11.8', true],
    ['470.42.01', 'CUDA 11.8', false],
    ['460.106.00', 'CUDA 11.8', false],
    ['535.104.05', 'CUDA 12.4', true],
    ['535.54.03', 'CUDA 12.4', false],
    ['530.30.02', 'CUDA 12.4', false],
    ['450.51', 'CUDA 12.4', false],
    ['580.65.06', 'CUDA 12.4', true],
  ] as const)('%s on %s: %s', (driver, cuda, enough) => {
    expect(driverSuffices(driver, DRIVERS[cuda])).toBe(enough);
  });
});

describe('the GPU catalogue', () => {
  it('takes a label with and without "NVIDIA-", and the name that nvidia-smi prints', () => {
    for (const product of GPU_PRODUCTS) {
      expect(gpuOf(product)?.product).toBe(product);
      expect(gpuOf(`NVIDIA-${product}`)?.product).toBe(product);
      expect(gpuOf(`NVIDIA ${product.replaceAll('-', ' ')}`)?.product).toBe(product);
    }
    expect(gpuOf('T4')?.product).toBe('Tesla-T4');
    expect(gpuOf('NVIDIA H100 80GB HBM3')?.capability).toBe('9.0');
  });

  it('reads a MIG slice and a time-shared GPU from the label', () => {
    expect(gpuOf('NVIDIA-A100-SXM4-40GB-MIG-1g.5gb')).toMatchObject({ mig: true, bytes: 4864 * 2 ** 20 });
    expect(gpuOf('NVIDIA-A10-SHARED')).toMatchObject({ product: 'A10', shared: true, mig: false });
  });

  it('does not know what it does not know, and names what is spelt alike', () => {
    expect(gpuOf('Radeon-Pro-V520')).toBeUndefined();
    expect(nearestProduct('A100-SMX4-80GB')).toBe('A100-SXM4-80GB');
  });
});
