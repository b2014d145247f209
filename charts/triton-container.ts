import type { V1Container, V1EnvVar } from '@kubernetes/client-node';
import { TRITON } from '../src/job-settings/index.js';
import { boundsOf, container, httpProbe, type Mounted, sizeOf, startupProbe } from '../src/kubernetes/index.js';
import type { Bench, Run } from './bench.js';
import { program } from './settings-map.js';

/** Triton's ports by name. */
export const TRITON_PORTS = [
  { name: 'http', port: TRITON.http },
  { name: 'grpc', port: TRITON.grpc },
  { name: 'metrics', port: TRITON.metrics },
];

/** What evidence says of where a figure is from (jobs/hpsb_server_state.py). */
function whereabouts(image: string): V1EnvVar[] {
  const field = (name: string, fieldPath: string): V1EnvVar => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  return [
    field('HPS_BENCH_NODE', 'spec.nodeName'),
    field('HPS_BENCH_POD', 'metadata.name'),
    { name: 'HPS_BENCH_IMAGE', value: image },
  ];
}

/** The server: as a Deployment's container, or in a pod of a fleet. @param gpus that it holds */
export function tritonContainer(bench: Bench, { spec }: Run, mounts: Mounted[], gpus: number): V1Container {
  const startupSeconds = boundsOf(spec).startup;
  const image = bench.image('serve');
  const serve = program('serve.py');
  return container({
    name: 'triton',
    image,
    command: serve.command,
    env: [...(serve.env ?? []), ...whereabouts(image)],
    ...sizeOf(spec, 'serve'),
    gpus,
    mounts,
    more: {
      ports: TRITON_PORTS.map(({ name, port }) => ({ name, containerPort: port, protocol: 'TCP' })),
      // The ports open when all models are loaded, so the last one's ready is everybody's.
      startupProbe: startupProbe(`/v2/models/${spec.variants.at(-1) ?? ''}/ready`, TRITON.http, startupSeconds),
      readinessProbe: httpProbe({
        path: '/v2/health/ready',
        port: TRITON.http,
        periodSeconds: 10,
        failureThreshold: 3,
        timeoutSeconds: 5,
      }),
      // Slow on purpose: a server busy with the largest requests must not be killed in mid-measurement.
      livenessProbe: httpProbe({
        path: '/v2/health/live',
        port: TRITON.http,
        periodSeconds: 30,
        failureThreshold: 10,
        timeoutSeconds: 15,
      }),
    },
  });
}
