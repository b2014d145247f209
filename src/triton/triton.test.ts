import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configPbtxt, type ModelConfig } from './config.js';
import { difference, type Statistics } from './statistics.js';

const base: ModelConfig = {
  name: 'native_tf',
  backend: 'tensorflow',
  output: 'output_1',
  slots: 26,
  denseFeatures: 13,
  instance: { kind: 'KIND_GPU', gpus: [0] },
};

describe('config.pbtxt', () => {
  it('is the published deployment: explicit batch dimension, one instance on one GPU, no dynamic batching', () => {
    expect(configPbtxt(base)).toBe(`name: "native_tf"
platform: "tensorflow_savedmodel"
backend: "tensorflow"
max_batch_size: 0
input [
  { name: "categorical_features" data_type: TYPE_INT32 dims: [ -1, 26 ] },
  { name: "numerical_features" data_type: TYPE_FP32 dims: [ -1, 13 ] }
]
output [
  { name: "output_1" data_type: TYPE_FP32 dims: [ -1, 1 ] }
]
instance_group [ { count: 1 kind: KIND_GPU gpus: [ 0 ] } ]
`);
  });

  it('names the engine file and passes parameters to the python backend', () => {
    expect(configPbtxt({ ...base, backend: 'tensorrt', modelFile: 'fp16_hps_plugin_dlrm.trt' })).toContain(
      'default_model_filename: "fp16_hps_plugin_dlrm.trt"',
    );
    expect(configPbtxt({ ...base, backend: 'python', parameters: { artifacts: '/a "b"\\c' } })).toContain(
      'parameters { key: "artifacts" value: { string_value: "/a \\"b\\"\\\\c" } }',
    );
  });
});

function statistics(count: number, ns: number): Statistics {
  const duration = { count, ns };
  return {
    inference_count: count,
    execution_count: count,
    success: duration,
    fail: { count: 0, ns: 0 },
    queue: duration,
    compute_input: duration,
    compute_infer: duration,
    compute_output: duration,
  };
}

describe('the difference of two readings', () => {
  it('is the mean of the requests between them, in µs', () => {
    expect(difference(statistics(10, 10_000_000), statistics(14, 18_000_000))).toMatchObject({
      successes: 4,
      failures: 0,
      computeInferUs: 2000,
    });
  });

  it('has no mean without a request', () => {
    expect(difference(statistics(3, 5), statistics(3, 5)).computeInferUs).toBeNull();
  });

  it('refuses counters that went back', () => {
    expect(() => difference(statistics(10, 1000), statistics(2, 200))).toThrow('restarted');
  });

  it('gives back the mean of any requests, whatever came before', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e9), fc.array(fc.nat(1e7), { minLength: 1 }), (count, ns, requests) => {
        const total = requests.reduce((sum, value) => sum + value, 0);
        const seen = difference(statistics(count, ns), statistics(count + requests.length, ns + total));
        expect(seen.computeInferUs).toBeCloseTo(total / requests.length / 1000, 6);
      }),
    );
  });
});
