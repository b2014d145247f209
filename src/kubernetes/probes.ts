import type { V1Probe } from '@kubernetes/client-node';

export interface HttpProbe {
  readonly path: string;
  /** Always written: a probe without one asks port 80. */
  readonly port: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds: number;
}

export function httpProbe(probe: HttpProbe): V1Probe {
  const { path, port, ...times } = probe;
  return { httpGet: { path, port, scheme: 'HTTP' }, ...times };
}

/** A startup probe that allows at least `seconds` from start to ready. */
export function startupProbe(path: string, port: number, seconds: number): V1Probe {
  const periodSeconds = 10;
  return httpProbe({
    path,
    port,
    periodSeconds,
    failureThreshold: Math.ceil(seconds / periodSeconds),
    timeoutSeconds: 5,
  });
}

/** Seconds from start that a probe allows before the container is killed. */
export function probeBudget(probe: V1Probe): number {
  return (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3);
}
