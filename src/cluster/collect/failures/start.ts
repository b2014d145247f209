/** What keeps a pod from its beginning. */
import { scheduler, unscheduled, waiting, waits, type Row } from './facts.js';

export const START: readonly Row[] = [
  {
    kind: 'gated',
    fits: ({ pod }) => (pod.spec?.schedulingGates ?? []).length > 0,
    what: ({ pod }) => `waits behind the gate ${(pod.spec?.schedulingGates ?? []).map((gate) => gate.name).join(', ')}`,
    fix: 'its turn comes when the stages before it are done: look at the conductor (hps-bench status)',
  },
  {
    kind: 'claim-missing',
    fits: (facts) =>
      unscheduled(facts) && /persistentvolumeclaim "[^"]*" (not found|is being deleted)/.test(facts.sentence),
    what: scheduler,
    fix: 'apply the manifest with the claim (dist/10-storage.k8s.yaml)',
  },
  {
    kind: 'claim-pending',
    fits: (facts) =>
      unscheduled(facts) &&
      /unbound immediate PersistentVolumeClaims|didn't find available persistent volumes|volume node affinity conflict/.test(
        facts.sentence,
      ),
    what: scheduler,
    fix: 'the claim has no volume where the pod may run: name a StorageClass that can make one (cluster.storage.className), see kubectl describe pvc',
  },
  {
    kind: 'unschedulable',
    fits: (facts) => unscheduled(facts) && facts.sentence !== '',
    what: scheduler,
    fix: 'free or add a node that meets every one of these, or change the cluster section of the spec (gpuProduct, nodeLabels, tolerations, stages)',
  },
  {
    kind: 'image-name',
    fits: waits('InvalidImageName', 'ErrImageNeverPull'),
    what: waiting,
    fix: 'correct cluster.image, or load that image on the node',
  },
  {
    kind: 'image-pull',
    fits: waits(
      'ErrImagePull',
      'ImagePullBackOff',
      'ImageInspectError',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ),
    what: waiting,
    fix: 'check the name in cluster.image, that the node reaches the registry, and its credentials (cluster.pullSecrets; nvcr.io wants an NGC key for some images)',
  },
  {
    kind: 'config-error',
    fits: waits('CreateContainerConfigError'),
    what: waiting,
    fix: 'a ConfigMap or Secret that the pod mounts is missing, or the image runs as root: apply all files of dist/ again',
  },
  {
    kind: 'create-error',
    fits: waits(
      'CreateContainerError',
      'RunContainerError',
      'PreStartHookError',
      'PostStartHookError',
      'ContainerCannotRun',
    ),
    what: waiting,
    fix: 'the node could not start the container: look at the sentence above, at the runtime class (cluster.runtimeClass) and at the device plug-in',
  },
  {
    kind: 'create-error',
    fits: ({ ended }) => ['StartError', 'ContainerCannotRun'].includes(ended?.reason ?? ''),
    what: ({ ended, said }) => `${ended?.reason ?? ''}: ${said}`,
    fix: 'the node could not start the container: look at the sentence above, at the runtime class (cluster.runtimeClass) and at the device plug-in',
  },
];
