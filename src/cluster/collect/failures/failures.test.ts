import { describe, expect, it } from 'vitest';
import type { Pod } from '../pod.js';
import { failureOf, fixOfReason } from './index.js';

/** Statuses as kubelets (1.36), schedulers and controllers write them. */
const pod = (status: NonNullable<Pod['status']>, spec: NonNullable<Pod['spec']> = { nodeName: 'gpu-7' }): Pod => ({
  metadata: { name: 'measure-1', uid: 'u' },
  spec,
  status,
});

const waits = (reason: string, message: string): Pod =>
  pod({ phase: 'Pending', containerStatuses: [{ name: 'measure', state: { waiting: { reason, message } } }] });

const ended = (exitCode: number, message = '', reason = 'Error'): Pod =>
  pod({
    phase: 'Failed',
    containerStatuses: [{ name: 'measure', state: { terminated: { exitCode, reason, message } } }],
  });

const unscheduled = (message: string): Pod =>
  pod(
    {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
    {},
  );

const disrupted = (reason: string, message: string): Pod =>
  pod({
    phase: 'Failed',
    conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message }],
    containerStatuses: [{ name: 'measure', state: { terminated: { exitCode: 143, reason: 'Error' } } }],
  });

const words = (reason: string, exit_code: number): string =>
  JSON.stringify({ stage: 'measure', ok: false, reason, exit_code, evidence: 3, digest: 'ab' });

const cases: [kind: string, pod: Pod, says: string, fix: string][] = [
  [
    'unschedulable',
    unscheduled('0/8 nodes are available: 8 Insufficient nvidia.com/gpu. preemption: 0/8 nodes are available'),
    'the scheduler says: 0/8 nodes are available: 8 Insufficient nvidia.com/gpu',
    'free or add a node',
  ],
  [
    'claim-pending',
    unscheduled('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found'),
    'unbound immediate PersistentVolumeClaims',
    'storage.className',
  ],
  [
    'claim-missing',
    unscheduled('0/1 nodes are available: persistentvolumeclaim "hps-bench" not found. not found'),
    'persistentvolumeclaim "hps-bench" not found',
    '10-storage',
  ],
  [
    'gated',
    pod({ phase: 'Pending' }, { schedulingGates: [{ name: 'hps-bench/conductor' }] }),
    'hps-bench/conductor',
    'hps-bench status',
  ],
  [
    'image-pull',
    waits('ImagePullBackOff', 'Back-off pulling image "x:1"'),
    'ImagePullBackOff: Back-off',
    'pullSecrets',
  ],
  ['image-name', waits('InvalidImageName', "couldn't parse image name"), 'InvalidImageName', 'cluster.image'],
  ['config-error', waits('CreateContainerConfigError', 'configmap "p" not found'), 'configmap "p" not found', 'dist/'],
  ['create-error', waits('CreateContainerError', 'no runtime for "nvidia"'), 'no runtime', 'runtimeClass'],
  ['create-error', ended(128, 'exec: "python3": not found', 'StartError'), 'StartError: exec', 'runtimeClass'],
  ['out-of-memory', ended(137, '', 'OOMKilled'), 'OOMKilled', 'stages.measure.memory'],
  ['killed', ended(137), 'SIGKILL', 'events of the node'],
  [
    'evicted',
    pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage.' }),
    'low on resource: ephemeral-storage',
    'requests of the stage',
  ],
  [
    'evicted',
    disrupted('EvictionByEvictionAPI', 'Eviction API: evicting'),
    'evicted from its node: Eviction API: evicting',
    'on the volume',
  ],
  ['preempted', disrupted('PreemptionByScheduler', 'preempting to accommodate'), 'higher priority', 'priorityClass'],
  [
    'deadline',
    pod({
      ...{ phase: 'Failed', reason: 'DeadlineExceeded' },
      message: 'Pod was active on the node longer than the specified deadline',
    }),
    'longer than the specified deadline',
    'deadlineMinutes',
  ],
  [
    'node-lost',
    disrupted('DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint'),
    'node gpu-7 was lost: Taint manager',
    'describe node',
  ],
  [
    'hps-error',
    ended(4, words('HPS has logged 3 errors, so its answers mean nothing', 4)),
    'HPS has logged',
    'hps-errors',
  ],
  ['parity', ended(4, words('parity: fp32 differs by 0.1', 4)), 'parity: fp32', 'parity.json'],
  [
    'triton',
    ended(4, words('native_tf is not ready on Triton at triton:8000 after 60 s', 4)),
    'not ready',
    'stage=serve',
  ],
  ['perf-analyzer', ended(4, words('perf_analyzer cannot be started: No such file', 4)), 'cannot be started', 'image'],
  [
    'disk',
    ended(4, words('/data/results/x: cannot be written: No space left on device', 4)),
    'No space left',
    'volume',
  ],
  ['environment', ended(4, words('something else', 4)), 'something else', 'see the sentence'],
  ['bad-settings', ended(2, words('settings.json: lacks measure.http', 2)), 'lacks measure.http', 'render'],
  ['interrupted', ended(143, words('interrupted by signal 15; what was measured is kept', 143)), 'signal 15', 'volume'],
  ['program-fault', ended(1, 'Traceback (most recent call last):\n  File'), 'Traceback', 'report it'],
  ['unknown', ended(77), '(code 77)', 'kubectl describe pod'],
  [
    'crash-loop',
    pod({
      phase: 'Running',
      containerStatuses: [
        {
          name: 'measure',
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting' } },
          lastState: { terminated: { exitCode: 77 } },
        },
      ],
    }),
    'back-off 5m0s',
    '--previous',
  ],
];

describe('a pod without a result', () => {
  it.each(cases)('is classified: %s', (kind, one, says, fix) => {
    const failure = failureOf(one);
    expect(failure?.kind).toBe(kind);
    expect(failure?.what).toContain(says);
    expect(failure?.fix).toContain(fix);
  });

  it('is not called failed while it starts or runs, nor when it ended well', () => {
    expect(failureOf(waits('ContainerCreating', ''))).toBeUndefined();
    const running = { name: 'measure', state: { running: { startedAt: '2026-01-02T03:04:05Z' } } };
    expect(failureOf(pod({ phase: 'Running', containerStatuses: [running] }))).toBeUndefined();
    const good = { name: 'measure', state: { terminated: { exitCode: 0 } } };
    expect(failureOf(pod({ phase: 'Succeeded', containerStatuses: [good] }))).toBeUndefined();
  });

  it('says in one line what a kubelet says in many', () => {
    expect(failureOf(ended(1, 'a\nb\n   c'))?.what).toBe('ended with code 1: a b c');
  });
});

it('has a fix for a measurement that was not stable', () => {
  expect(fixOfReason('perf_analyzer ended with code 2: the measurement did not become stable')).toContain('windowMs');
  expect(fixOfReason('whatever')).toBeUndefined();
});
