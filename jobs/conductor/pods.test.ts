import { describe, expect, it } from 'vitest';
import type { ContainerState, Pod } from './objects.js';
import { GATE } from './plan.js';
import { podState } from './pods.js';

function pod(
  phase: string,
  state: ContainerState,
  more: { lastState?: ContainerState; restartCount?: number } = {},
): Pod {
  const status = { phase, containerStatuses: [{ name: 'triton', state, ...more }] };
  return { metadata: { name: 'p' }, spec: { nodeName: 'n' }, status };
}

describe('podState', () => {
  it('is gated while our gate is on it, and waits for those of others', () => {
    const gates = (...names: string[]): Pod => ({
      metadata: { name: 'p' },
      spec: { schedulingGates: names.map((name) => ({ name })) },
    });
    expect(podState(gates(GATE, 'kueue.x-k8s.io/admission')).kind).toBe('gated');
    expect(podState(gates('kueue.x-k8s.io/admission'))).toMatchObject({
      kind: 'waiting',
      message: 'held by the gate kueue.x-k8s.io/admission',
    });
  });

  it('says what a container waits for, and whether waiting helps', () => {
    expect(podState(pod('Pending', { waiting: { reason: 'ContainerCreating' } }))).toMatchObject({
      message: 'triton: ContainerCreating',
      trouble: null,
    });
    expect(podState(pod('Pending', { waiting: { reason: 'ImagePullBackOff', message: 'Back-off' } }))).toMatchObject({
      trouble: { reason: 'ImagePullBackOff', message: 'Back-off', exitCode: null },
    });
  });

  it('takes the reason of a crash loop from how the container ended, and gives up on it after three', () => {
    const lastState = { terminated: { exitCode: 1, reason: 'Error', message: 'no repository' } };
    const looping = (restartCount: number): Pod =>
      pod('Running', { waiting: { reason: 'CrashLoopBackOff' } }, { lastState, restartCount });
    expect(podState(looping(1))).toMatchObject({
      kind: 'running',
      last: { exitCode: 1, message: 'no repository', final: false },
    });
    expect(podState(looping(3))).toMatchObject({ last: { final: true, previous: true } });
  });

  it("prefers the pod's own reason to the code of a container that it stopped", () => {
    const failed = pod('Failed', { terminated: { exitCode: 137, reason: 'Error' } });
    const late: Pod = { ...failed, status: { ...failed.status, reason: 'DeadlineExceeded', message: 'too long' } };
    expect(podState(late)).toMatchObject({ failure: { reason: 'DeadlineExceeded', message: 'too long', final: true } });
    expect(podState(failed)).toMatchObject({ failure: { reason: 'Error', exitCode: 137, final: false } });
  });

  it('has a failure without a container where none began', () => {
    const evicted: Pod = {
      metadata: { name: 'p' },
      status: { phase: 'Failed', reason: 'Evicted', message: 'low on disk' },
    };
    expect(podState(evicted)).toMatchObject({
      failure: { container: null, exitCode: null, reason: 'Evicted', final: false },
    });
  });
});
