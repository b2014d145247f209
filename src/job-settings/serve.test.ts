import { describe, expect, it } from 'vitest';
import { specSchema } from '../spec/index.js';
import { POD_ENDPOINTS } from '../triton/index.js';
import { enginePrecisions, engineSettings } from './engines.js';
import { serveSettings, type ServeTarget } from './serve.js';

const target: ServeTarget = {
  place: 'gpu',
  tritonserver: '/opt/tritonserver/bin/tritonserver',
  repository: '/repository',
  artifacts: '/data/artifacts/k',
  endpoints: POD_ENDPOINTS,
  threads: 1,
  readySeconds: 1800,
  exitTimeoutSeconds: 30,
};

interface Serve {
  serve: { preload: string[]; http: string; variants: { name: string; engine: string | null }[] };
}

function serve(variants: string[]): Serve['serve'] {
  return (serveSettings(specSchema.parse({ variants }), target) as unknown as Serve).serve;
}

describe('settings of the stage serve', () => {
  it('preload the TensorRT plug-in before the TensorFlow one, whatever the order of the variants', () => {
    expect(serve(['tf_with_hps', 'fp16_trt_with_hps']).preload).toEqual(['hps_trt', 'hps_tf']);
    expect(serve(['fp32_trt_with_hps']).preload).toEqual(['hps_trt']);
    expect(serve(['native_tf']).preload).toEqual([]);
  });

  it('let serve.py ask its own Triton by loopback', () => {
    expect(serve(['native_tf']).http).toBe('127.0.0.1:8000');
  });

  it('name the engine of each TensorRT variant', () => {
    const { variants } = serve(['native_tf', 'tf_with_hps', 'fp32_trt_with_hps', 'fp16_trt_with_hps']);
    expect(variants.map(({ engine }) => engine)).toEqual([null, null, 'fp32', 'fp16']);
  });
});

describe('settings of the stage build-engines', () => {
  it('are the published profile and precisions', () => {
    expect(engineSettings(specSchema.parse({}))).toEqual({
      engines: {
        precisions: ['fp32', 'fp16'],
        profile: { min: 1, opt: 1024, max: 131072 },
        workspace_bytes: 0,
        image: 'nvcr.io/nvidia/merlin/merlin-tensorflow:23.02',
      },
    });
  });

  it('are left out where no variant has an engine', () => {
    const spec = specSchema.parse({ variants: ['native_tf', 'onnx_cpu'] });
    expect(engineSettings(spec)).toEqual({});
    expect(enginePrecisions(spec)).toEqual([]);
  });
});
