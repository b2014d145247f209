import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../spec/index.js';
import { findPython } from './python.js';
import { findTorchPython, gpuVariables } from './torch.js';

/** The real Python with doubles of PyTorch and the driver. */
const withDouble = (kind: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HPS_BENCH_PYTHON: findPython().path,
  PYTHONPATH: join(PACKAGE_ROOT, 'test', 'support', 'torch-double'),
  PYTHONDONTWRITEBYTECODE: '1',
  TORCH_DOUBLE: kind,
});

describe('the Python of a run on the GPU', () => {
  it('is the one with PyTorch, and says which GPU that takes and where its packages lie', () => {
    const { python, torch, gpu, packages } = findTorchPython(withDouble('gpu'));
    expect(python).toEqual(findPython());
    expect(torch).toBe('2.11.0');
    expect(gpu).toEqual({
      uuid: 'GPU-00010203-0405-0607-0809-0a0b0c0d0e0f',
      product: 'NVIDIA Made-up 80GB',
      capability: '9.0',
      memory: 85_899_345_920,
    });
    expect(packages.every((folder) => /(site|dist)-packages$/.test(folder))).toBe(true);
    expect(packages).not.toEqual([]);
  });

  it('is refused with the reason: no CUDA in PyTorch, no GPU, no PyTorch at all', () => {
    expect(() => findTorchPython(withDouble('no cuda'))).toThrow(/PyTorch without CUDA \(2\.11\.0\)/);
    expect(() => findTorchPython(withDouble('no gpu'))).toThrow(
      /no usable Python with PyTorch and a GPU: .* finds no GPU: No CUDA GPUs are available\n +set HPS_BENCH_PYTHON/,
    );
    const without = { ...withDouble('gpu'), PYTHONPATH: '' };
    expect(() => findTorchPython(without)).toThrow(
      /cannot import what the variants need: No module named|finds no GPU/,
    );
  });

  it('makes programs and nvidia-smi mean the same GPU', () => {
    const { gpu } = findTorchPython(withDouble('gpu'));
    expect(gpuVariables(gpu)).toEqual({ CUDA_VISIBLE_DEVICES: gpu.uuid, HPS_BENCH_GPU: gpu.uuid });
  });
});
