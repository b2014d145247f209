import { describe, expect, it } from 'vitest';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, VARIANTS } from '../spec/index.js';
import { deploymentOf, ENGINE_OUTPUT, engineFile, precisionOf, type DeploymentOptions } from './deployments.js';
import { launchArguments, POD_ENDPOINTS } from './launch.js';

const gpu: DeploymentOptions = {
  place: 'gpu',
  slots: 26,
  denseFeatures: 13,
  artifacts: '/data/artifacts/k',
  threads: 4,
  torch: { tableType: 'fp16', cacheFraction: 0.2, cacheAdmission: 'on_miss', batches: [32, 131072] },
};

describe('a deployment', () => {
  it('serves the SavedModels by link on the GPU, as published', () => {
    for (const variant of ['native_tf', 'tf_with_hps']) {
      const deployment = deploymentOf(variant, gpu);
      expect(deployment.config).toContain(
        'platform: "tensorflow_savedmodel"\nbackend: "tensorflow"\nmax_batch_size: 0',
      );
      expect(deployment.config).toContain('{ name: "output_1" data_type: TYPE_FP32 dims: [ -1, 1 ] }');
      expect(deployment.config).toContain('instance_group [ { count: 1 kind: KIND_GPU gpus: [ 0 ] } ]');
      expect(deployment.files).toEqual([
        { name: 'model.savedmodel', root: 'artifacts', path: `${variant}/model.savedmodel` },
      ]);
      expect(deployment.engine).toBeNull();
    }
  });

  it('serves an engine under its published file name and leaves the output to the engine manifest', () => {
    const deployment = deploymentOf('fp16_trt_with_hps', gpu);
    expect(deployment.engine).toBe('fp16');
    expect(deployment.config).toContain('default_model_filename: "fp16_hps_plugin_dlrm.trt"');
    expect(deployment.config).toContain(`{ name: "${ENGINE_OUTPUT}" data_type: TYPE_FP32 dims: [ -1, 1 ] }`);
    expect(deployment.config).toContain('platform: "tensorrt_plan"');
    expect(precisionOf('fp32_trt_with_hps')).toBe('fp32');
    expect(engineFile('fp32')).toBe('fp32_hps_plugin_dlrm.trt');
  });

  it('runs a variant without HPS on the python backend where there is no GPU', () => {
    for (const variant of ['native_tf', 'onnx_cpu']) {
      const deployment = deploymentOf(variant, { ...gpu, place: 'cpu' });
      expect(deployment.config).toContain('backend: "python"');
      expect(deployment.config).toContain('kind: KIND_CPU');
      expect(deployment.config).toContain('key: "artifacts" value: { string_value: "/data/artifacts/k" }');
      expect(deployment.config).toContain('key: "threads" value: { string_value: "4" }');
      expect(deployment.files).toEqual([{ name: 'model.py', root: 'programs', path: `backends/${variant}/model.py` }]);
    }
  });

  it('serves a PyTorch variant on the GPU, tells it where its table is, and leaves tensors of the client there', () => {
    const { config, files } = deploymentOf('torch_fp16_cache', gpu);
    expect(config).toContain('kind: KIND_GPU gpus: [ 0 ]');
    for (const [key, value] of Object.entries({
      FORCE_CPU_ONLY_INPUT_TENSORS: 'no',
      table: 'cache',
      table_type: 'fp16',
      dense: 'fp16',
      cache_fraction: '0.2',
      cache_admission: 'on_miss',
      batches: '32,131072',
    }))
      expect(config).toContain(`parameters { key: "${key}" value: { string_value: "${value}" } }`);
    expect(deploymentOf('torch_cpu_table', gpu).config).toContain('key: "table_type" value: { string_value: "fp32" }');
    const backend = readdirSync(join(PACKAGE_ROOT, 'jobs', 'backends', 'torch_dlrm')).filter((name) =>
      name.endsWith('.py'),
    );
    expect(files.map(({ name }) => name).sort()).toEqual(backend.sort());
    expect(files[0]).toEqual({ name: 'model.py', root: 'programs', path: 'backends/torch_dlrm/model.py' });
  });

  it('is refused without a GPU for every variant that needs one, and else has one signature for all', () => {
    for (const { id, hps, torch } of VARIANTS) {
      if (hps || torch !== undefined)
        expect(() => deploymentOf(id, { ...gpu, place: 'cpu' })).toThrow(`${id} needs a GPU`);
      const { config } = deploymentOf(id, gpu);
      expect(config).toContain('{ name: "categorical_features" data_type: TYPE_INT32 dims: [ -1, 26 ] }');
      expect(config).toContain('{ name: "numerical_features" data_type: TYPE_FP32 dims: [ -1, 13 ] }');
    }
  });
});

describe('the launch line', () => {
  const launch = { repository: '/repository', variants: ['a', 'b'], exitTimeoutSeconds: 30 };

  it('is explicit and names no address in a pod, since old releases do not know the one for metrics', () => {
    expect(launchArguments({ ...launch, endpoints: POD_ENDPOINTS })).toEqual([
      '--model-repository=/repository',
      '--model-control-mode=explicit',
      '--load-model=a',
      '--load-model=b',
      '--http-port=8000',
      '--grpc-port=8001',
      '--metrics-port=8002',
      '--exit-timeout-secs=30',
    ]);
  });

  it('keeps every port on the address asked for', () => {
    const args = launchArguments({ ...launch, endpoints: { host: '127.0.0.1', http: 1, grpc: 2, metrics: 3 } });
    for (const name of ['http', 'grpc', 'metrics']) expect(args).toContain(`--${name}-address=127.0.0.1`);
  });
});
