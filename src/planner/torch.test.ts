import { describe, expect, it } from 'vitest';
import { torchNote, variantLabel } from '../dlrm/label.js';
import { loadSpec, type Spec } from '../spec/index.js';
import { forecast } from './forecast.js';

const spec = (preset: string, ...set: string[]): Spec => loadSpec({ preset, set });
const problems = (preset: string, ...set: string[]) =>
  forecast(spec(preset, ...set)).problems.map(({ what, message }) => [what, message.split(',')[0]]);

describe('a plan of the PyTorch variants', () => {
  it.each(['h100-torch', 'h200', 'b200'])('fits the GPU of preset %s, and names an image without HPS', (preset) => {
    const plan = forecast(spec(preset));
    expect(plan.problems).toEqual([]);
    expect(plan.image?.torch).toBeDefined();
    expect(plan.stages.map(({ stage }) => stage)).not.toContain('build-engines');
  });

  it('holds each table once for each variant, and half of it in fp16', () => {
    const tables = (...set: string[]): number =>
      forecast(spec('h200', ...set))
        .gpuParts.filter(({ what }) => /table|cache/.test(what) && !what.includes('process'))
        .reduce((sum, { bytes }) => sum + bytes, 0);
    const index = 32_709_138 * 1.2 * 4;
    expect(tables()).toBeCloseTo(2.2 * 32_709_138 * 512 + index, -3);
    expect(tables('torch.tableType=fp16')).toBeCloseTo(1.1 * 32_709_138 * 512 + index, -3);
  });

  it('may be of one machine with its GPU: no image, PyTorch as it is there', () => {
    const plan = forecast(spec('local-gpu'), { place: 'local' });
    expect(plan.problems).toEqual([]);
    expect(plan.image).toBeNull();
    expect(plan.stages.map(({ stage, holdsGpu }) => [stage, holdsGpu])).toEqual([
      ['create-models', false],
      ['serve', true],
      ['measure', true],
    ]);
    expect(plan.gpuParts.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(12e9);
    const mixed = forecast(spec('local-gpu', 'variants=[native_tf, torch_fp16]'), { place: 'local' });
    expect(mixed.problems.map(({ what }) => what)).toEqual(['variants']);
  });

  it('is refused where it cannot be: GPU too small, image without PyTorch or TensorFlow, memory shared by two pods', () => {
    expect(problems('h200', 'cluster.gpuProduct=L4')[0]?.[0]).toBe('gpu-memory');
    expect(problems('a100-page', 'variants=[torch_fp16]')[0]).toEqual([
      'image',
      'nvcr.io/nvidia/merlin/merlin-tensorflow:23.02 has no PyTorch for torch_fp16',
    ]);
    expect(problems('h200', 'variants=[native_tf, torch_fp16]')[0]?.[1]).toContain(
      'no TensorFlow backend for native_tf',
    );
    expect(problems('h200', 'perfAnalyzer.input=cuda_shared_memory')[0]?.[0]).toBe('input');
  });
});

describe('the heading of a variant', () => {
  it('names bytes and type of a PyTorch variant’s table, and never HPS', () => {
    const fp16 = spec('h200', 'torch.tableType=fp16');
    expect(variantLabel(fp16, 'torch_fp16')).toBe('PyTorch FP16 (8.4 GB fp16 table)');
    expect(variantLabel(fp16, 'torch_cpu_table')).toBe('PyTorch, table on CPU (16.7 GB fp32 table)');
    expect(variantLabel(fp16, 'torch_fp16_cache')).toBe('PyTorch FP16, GPU cache (0.2 of 8.4 GB fp16 table)');
    expect(variantLabel(fp16, 'native_tf')).toBe('Native TF');
    for (const id of fp16.variants) expect(`${variantLabel(fp16, id)} ${torchNote(fp16, id) ?? ''}`).not.toMatch(/HPS/);
  });
});
