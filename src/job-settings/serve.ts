import { DENSE_FEATURES, CRITEO_T15 } from '../dlrm/slots.js';
import { variantOf, type Spec } from '../spec/index.js';
import { deploymentOf, launchArguments, type Endpoints, type Place } from '../triton/index.js';

/** Where Triton runs and what it needs there; the rest is the spec's. */
export interface ServeTarget {
  readonly place: Place;
  /** Path of the server's program. */
  readonly tritonserver: string;
  readonly repository: string;
  readonly artifacts: string;
  readonly endpoints: Endpoints;
  /** CPU threads of one operation of a variant on the python backend. */
  readonly threads: number;
  readonly readySeconds: number;
  readonly exitTimeoutSeconds: number;
  /** Folders put in front of Triton's PATH and LD_LIBRARY_PATH. @default none */
  readonly path?: readonly string[];
  readonly libraryPath?: readonly string[];
  /** Where the backends lie. @default where Triton expects them */
  readonly backendDirectory?: string;
  /** A python backend to put together at start, with the stub of another Python. @default the backend as it is */
  readonly pythonBackend?: { readonly folder: string; readonly stub: string };
}

/** The `serve` part of settings.json. */
export function serveSettings(spec: Spec, target: ServeTarget): Record<string, unknown> {
  const { endpoints } = target;
  const torch = { ...spec.torch, cacheFraction: spec.hps.gpuCacheFraction, batches: spec.batches };
  const options = { ...target, slots: CRITEO_T15.length, denseFeatures: DENSE_FEATURES, torch };
  return {
    serve: {
      tritonserver: target.tritonserver,
      arguments: launchArguments({ ...target, variants: spec.variants }),
      variants: spec.variants.map((variant) => deploymentOf(variant, options)),
      preload: preloads(spec),
      path: target.path ?? [],
      library_path: target.libraryPath ?? [],
      python_backend: target.pythonBackend ?? null,
      http: `${endpoints.host === '0.0.0.0' ? '127.0.0.1' : endpoints.host}:${endpoints.http}`,
      ready_seconds: target.readySeconds,
      exit_timeout_seconds: target.exitTimeoutSeconds,
    },
  };
}

/** Libraries that Triton must have loaded before a model: TensorRT's plug-in first, as published. */
function preloads(spec: Spec): string[] {
  const backends = new Set(spec.variants.map(variantOf).flatMap(({ hps, backend }) => (hps ? [backend] : [])));
  return [...(backends.has('tensorrt') ? ['hps_trt'] : []), ...(backends.has('tensorflow') ? ['hps_tf'] : [])];
}
