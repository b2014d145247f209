import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';

/** A volume and where it is mounted. */
export interface Mounted {
  readonly volume: V1Volume;
  readonly mount: V1VolumeMount;
}

/** Name of the claim that holds artifacts, requests, engines and results. */
export const CLAIM = 'hps-bench';

export function dataVolume(): Mounted {
  return {
    volume: { name: 'data', persistentVolumeClaim: { claimName: CLAIM } },
    mount: { name: 'data', mountPath: '/data' },
  };
}

/** Where programs may write beside the volume; their HOME. */
export function scratchVolume(): Mounted {
  return {
    volume: { name: 'tmp', emptyDir: { sizeLimit: '4Gi' } },
    mount: { name: 'tmp', mountPath: '/tmp' },
  };
}

/** @param sizeLimit above which the pod is evicted; left out: none */
export function emptyVolume(name: string, mountPath: string, sizeLimit?: string): Mounted {
  return { volume: { name, emptyDir: sizeLimit === undefined ? {} : { sizeLimit } }, mount: { name, mountPath } };
}

/** Shared memory of a size; it counts as memory of the container that fills it. */
export function sharedMemoryVolume(sizeLimit: string): Mounted {
  return {
    volume: { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit } },
    mount: { name: 'shm', mountPath: '/dev/shm' },
  };
}

/** The keys of one ConfigMap and the files they become. */
export interface MappedFiles {
  readonly configMap: string;
  /** Key by path below the mount. */
  readonly files: ReadonlyMap<string, string>;
}

/** Files of several ConfigMaps in one folder. */
export function filesVolume(name: string, mountPath: string, parts: readonly MappedFiles[]): Mounted {
  const sources = parts.map(({ configMap, files }) => ({
    configMap: { name: configMap, items: [...files].map(([path, key]) => ({ key, path })) },
  }));
  return {
    volume: { name, projected: { sources } },
    mount: { name, mountPath, readOnly: true },
  };
}

/** Every key of one ConfigMap as a file. */
export function configVolume(name: string, mountPath: string, configMap: string): Mounted {
  return {
    volume: { name, configMap: { name: configMap } },
    mount: { name, mountPath, readOnly: true },
  };
}
