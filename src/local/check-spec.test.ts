import { describe, expect, it } from 'vitest';
import { loadSpec } from '../spec/index.js';
import { checkLocalSpec } from './check-spec.js';

const check =
  (gpu: boolean, preset: string, ...set: string[]) =>
  (): void => {
    checkLocalSpec(loadSpec({ preset, set }), gpu);
  };

describe('a spec for this machine', () => {
  it('has CPU variants, or with its GPU those in PyTorch', () => {
    expect(check(false, 'local')).not.toThrow();
    expect(check(true, 'local-gpu')).not.toThrow();
    expect(check(true, 'h200', 'perfAnalyzer.input=cuda_shared_memory')).not.toThrow();
  });

  it('is refused with what is allowed and the likely fix', () => {
    expect(check(false, 'a100-page')).toThrow(/tf_with_hps.*allowed: native_tf, onnx_cpu.*run this spec on a cluster/);
    expect(check(false, 'local-gpu')).toThrow(/torch_fp16 cannot run .*use --gpu where PyTorch has a GPU/);
    expect(check(true, 'local')).toThrow(
      /native_tf, onnx_cpu cannot .*allowed with --gpu: torch_cpu_table, torch_fp32/,
    );
    expect(check(false, 'local', 'perfAnalyzer.input=cuda_shared_memory')).toThrow(/needs a GPU/);
  });
});
