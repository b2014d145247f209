import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fail } from '../../../jobs/conductor/status.js';
import { testRecord } from '../../history/testing.js';
import { secondsLeft } from './left.js';
import { runsOf } from './seen.js';
import { at, conductorJobSeen, podSeen, seenWith, statusIn, testPlan } from './testing.js';
import { viewOf } from './view-of.js';

const serving = { 'hps-bench/serving': 'triton-1' };
const onNode = { spec: { nodeName: 'a100', containers: [{ resources: { limits: { 'nvidia.com/gpu': '1' } } }] } };

describe('the view of a run', () => {
  it('is one that waits while nothing is published, with the words of who keeps the conductor from beginning', () => {
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available',
    };
    const pod = podSeen(
      'conductor-x',
      'conductor',
      { status: { phase: 'Pending', conditions: [condition] } },
      { 'hps-bench/run': 'run-1' },
    );
    expect(viewOf(seenWith({ pods: [pod] }), 'run-1')).toMatchObject({
      ...{ state: 'waiting', over: false, startedAt: null, results: null },
      message: 'the conductor (pod conductor-x) not on a node yet: 0/3 nodes are available',
      measurements: { expected: 16, measured: 0, missing: 16 },
      cells: { done: 0, total: 8 },
    });
  });

  it('is over where the conductor could not even begin', () => {
    const terminated = { exitCode: 2, message: '{"ok":false,"reason":"plan.json: has schema 0"}' };
    const pod = podSeen(
      'conductor-x',
      'conductor',
      { status: { phase: 'Failed', containerStatuses: [{ name: 'c', state: { terminated } }] } },
      { 'hps-bench/run': 'run-1' },
    );
    const failed = { ...conductorJobSeen, status: { conditions: [{ type: 'Failed', status: 'True' }] } };
    const message = 'the conductor failed: plan.json: has schema 0';
    expect(viewOf(seenWith({ pods: [pod], jobs: [failed] }), 'run-1')).toMatchObject({
      state: 'failed',
      over: true,
      message,
    });
    expect(viewOf(seenWith({ pods: [pod] }), 'run-1')).toMatchObject({ state: 'failed', over: false, message });
  });

  it('is over where everything of it was removed, even its results', () => {
    const message = 'nothing of it is in the cluster any more';
    expect(viewOf(seenWith({ jobs: [] }), 'run-1')).toMatchObject({ state: 'failed', over: true, message });
    expect(viewOf(seenWith({ jobs: [], jobsKnown: false }), 'run-1')).toMatchObject({ state: 'waiting', over: false });
  });

  it('tells how long each stage took, from the end of the one before', () => {
    const { stages } = viewOf(seenWith({ status: statusIn('serve') }), 'run-1');
    expect(stages.map(({ stage, state, seconds }) => [stage, state, seconds])).toEqual([
      ['create-models', 'done', 10],
      ['build-engines', 'done', 10],
      ['serve', 'running', 80],
      ['measure', 'waiting', null],
      ['publish', 'waiting', null],
    ]);
  });

  it('counts GPUs of pods on a node that have not ended, and what waits in the scheduler’s words', () => {
    const message = '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.';
    const conditions = [{ type: 'PodScheduled', status: 'False', message }];
    const pods = [
      podSeen('triton-a', 'serve', { ...onNode, status: { phase: 'Running' } }, serving),
      podSeen('build-a', 'build-engines', { ...onNode, status: { phase: 'Succeeded' } }),
      podSeen('measure-a', 'measure', { status: { phase: 'Pending', conditions } }, { 'hps-bench/run': 'run-1' }),
      podSeen('measure-b', 'measure', { status: { phase: 'Pending', conditions } }, { 'hps-bench/run': 'run-2' }),
      podSeen(
        'gated',
        'measure',
        { spec: { schedulingGates: [{ name: 'hps-bench/conductor' }] } },
        { 'hps-bench/run': 'run-1' },
      ),
    ];
    const view = viewOf(
      seenWith({
        status: statusIn('measure'),
        pods,
        deployments: [{ metadata: { name: 'triton-1' }, spec: { replicas: 1 } }],
      }),
      'run-1',
    );
    expect(view.gpu).toEqual({ held: 1, pods: ['triton-a'] });
    expect(view.triton).toBe(1);
    expect(view.waiting).toEqual([{ what: 'pod measure-a', why: `not on a node yet: ${message}` }]);
  });

  it('counts a cell as done when every repeat of it is measured', () => {
    const records = [1, 2].map((repeat) => testRecord({ variant: 'native_tf', batch: 32, repeat }, 10));
    const half = testRecord({ variant: 'native_tf', batch: 64, repeat: 1 }, 10);
    const bad = testRecord({ variant: 'native_tf', batch: 64, repeat: 2 }, 10, { status: 'invalid' });
    const published = new Map([['run-1', { status: statusIn('measure'), records: [...records, half, bad] }]]);
    expect(viewOf(seenWith({ published }), 'run-1').cells).toEqual({ done: 1, total: 8 });
  });

  it('needs no more than the results that are left of a run', () => {
    const status = { ...statusIn('publish'), state: 'complete' as const, finishedAt: at(60) };
    const view = viewOf(seenWith({ status, plans: new Map(), jobs: [] }), 'run-1');
    expect(view).toMatchObject({
      state: 'complete',
      over: true,
      cells: null,
      gpu: { held: 0 },
      results: 'results-run-1',
    });
  });

  it('says that nobody conducts a run of which the Job is gone, unless Jobs may not be listed', () => {
    const status = statusIn('serve', 'loads');
    expect(viewOf(seenWith({ status, jobs: [] }), 'run-1')).toMatchObject({
      ...{ state: 'failed', over: true, message: 'nobody conducts it any more; last: serve: loads' },
    });
    expect(viewOf(seenWith({ status, jobs: [], jobsKnown: false, unseen: ['list jobs: 403'] }), 'run-1')).toMatchObject(
      {
        ...{ state: 'running', over: false, notes: ['list jobs: 403'] },
      },
    );
  });

  it('is not over while a failed run still frees its GPU', () => {
    const status = statusIn('serve');
    fail(status, { stage: 'serve', summary: 'no image', log: [] }, at(50));
    expect(viewOf(seenWith({ status }), 'run-1')).toMatchObject({
      state: 'failed',
      over: false,
      failure: { summary: 'no image' },
    });
    expect(viewOf(seenWith({ status: { ...status, finishedAt: at(60) } }), 'run-1').over).toBe(true);
  });

  it('shows the last events of the conductor and warnings about the pods, in the order in which they were written', () => {
    const event = (reason: string, version: number, more: object) => ({
      ...{ metadata: { resourceVersion: String(version) }, reason, message: 'm', type: 'Normal', lastTimestamp: at(5) },
      ...{ involvedObject: { kind: 'Job', name: testPlan.conductorJob }, source: { component: 'hps-bench-conductor' } },
      ...more,
    });
    const about = (name: string) => ({
      involvedObject: { kind: 'Pod', name },
      source: { component: 'kubelet' },
      type: 'Warning',
    });
    const events = [
      event('Second', 12, {}),
      event('First', 9, {}),
      event('Failed', 10, about('triton-a')),
      event('Other', 11, about('somebody')),
      event('OtherRun', 13, { involvedObject: { kind: 'Job', name: 'conductor-0-run-2' } }),
    ];
    const pods = [podSeen('triton-a', 'serve', {}, serving)];
    const view = viewOf(seenWith({ status: statusIn('serve'), events, pods }), 'run-1');
    expect(view.events.map(({ reason, warning }) => [reason, warning])).toEqual([
      ['First', false],
      ['Failed', true],
      ['Second', false],
    ]);
  });
});

describe('the runs of a namespace', () => {
  it('begin with those that go on, then the newest', () => {
    const over = { ...statusIn('publish'), finishedAt: at(60) };
    const published = new Map([
      ['old', { status: { ...over, startedAt: at(0) }, records: [] }],
      ['new', { status: { ...over, startedAt: at(20) }, records: [] }],
      ['running', { status: { ...statusIn('serve'), startedAt: at(10) }, records: [] }],
    ]);
    expect(runsOf(seenWith({ published }))).toEqual(['running', 'run-1', 'new', 'old']);
  });
});

describe('the time left', () => {
  const forecasts = { 'create-models': 60, 'build-engines': 100, serve: 40, measure: 200 };
  it('is the forecast of what is to come, less what the current stage has taken', () => {
    expect(secondsLeft(statusIn('build-engines'), forecasts, new Date(at(40)))).toBe(100 - 30 + 40 + 200);
    expect(secondsLeft(statusIn('build-engines'), forecasts, new Date(at(900)))).toBe(40 + 200);
  });
  it('goes by the pace of measuring once there is one', () => {
    const status = statusIn('measure');
    status.measurements = { ...status.measurements, expected: 16, measured: 4 };
    expect(secondsLeft(status, forecasts, new Date(at(30 + 80)))).toBe((80 / 4) * 12);
  });
  it('is null for a run that is over, and never negative', () => {
    expect(secondsLeft({ ...statusIn('measure'), finishedAt: at(1) }, forecasts, new Date(at(9)))).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1e6 }), fc.integer({ min: 0, max: 20 }), (seconds, measured) => {
        const status = statusIn('measure');
        status.measurements = { ...status.measurements, measured };
        expect(secondsLeft(status, forecasts, new Date(at(seconds)))).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
