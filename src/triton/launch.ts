/** Where Triton listens. */
export interface Endpoints {
  /** Address of this machine that it binds. */
  readonly host: string;
  readonly http: number;
  readonly grpc: number;
  readonly metrics: number;
}

/** Triton's own defaults, in a pod of its own. */
export const POD_ENDPOINTS: Endpoints = { host: '0.0.0.0', http: 8000, grpc: 8001, metrics: 8002 };

export interface Launch {
  readonly repository: string;
  readonly variants: readonly string[];
  readonly endpoints: Endpoints;
  /** How long Triton lets requests finish when it is asked to end. */
  readonly exitTimeoutSeconds: number;
  /** Where the backends lie, if not where Triton expects them. */
  readonly backendDirectory?: string;
}

/**
 * tritonserver's arguments: explicit model control, as published. Addresses are named only where they are not Triton's
 * default, because releases before 23.x do not know `--metrics-address`.
 */
export function launchArguments(launch: Launch): string[] {
  const { endpoints } = launch;
  const args = [`--model-repository=${launch.repository}`, '--model-control-mode=explicit'];
  for (const variant of launch.variants) args.push(`--load-model=${variant}`);
  if (launch.backendDirectory !== undefined) args.push(`--backend-directory=${launch.backendDirectory}`);
  for (const name of ['http', 'grpc', 'metrics'] as const) {
    if (endpoints.host !== POD_ENDPOINTS.host) args.push(`--${name}-address=${endpoints.host}`);
    args.push(`--${name}-port=${endpoints[name]}`);
  }
  return [...args, `--exit-timeout-secs=${launch.exitTimeoutSeconds}`];
}
