import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';

/** uid and gid of `triton-server` in NVIDIA's images; no user of that name is needed in others. */
export const USER = 1000;

/** What Pod Security `restricted` asks of a pod; fsGroup lets the user write on the volume. */
export function podSecurity(): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    fsGroup: USER,
    // A volume of many files is chowned once, not at every start.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** What Pod Security `restricted` asks of a container, and a root file system that nothing is written to. */
export function containerSecurity(): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  };
}
