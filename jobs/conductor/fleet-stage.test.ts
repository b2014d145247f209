import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.js';
import { endFleet, fleetStage } from './fleet-stage.js';
import type { IndexedJob, Pod } from './objects.js';
import { GATE } from './plan.js';
import type { Run } from './run.js';
import { STATUS_SCHEMA, type RunStatus } from './status.js';

const STAGE = { selector: 'hps-bench/run=run-1', jobs: 2, pods: 4, timeoutSeconds: 100 };
const BEGAN = Date.parse('2026-01-02T03:04:05Z');

const gated = (name: string): Pod => ({
  metadata: { name, uid: name },
  spec: { schedulingGates: [{ name: GATE }] },
  status: { phase: 'Pending' },
});

function job(node: string, status: IndexedJob['status'] = {}): IndexedJob {
  const metadata = { name: `measure-${node}`, annotations: { 'hps-bench/node': node } };
  return { metadata, spec: { completions: 2, activeDeadlineSeconds: 5000 }, status };
}

const over = (type: string, more: object = {}): IndexedJob['status'] => ({
  conditions: [{ type, status: 'True', reason: 'FailedIndexes', message: 'some failed' }],
  ...more,
});

interface Played {
  readonly run: Run;
  /** What was done, in order. */
  readonly acts: string[];
}

/** A double of a run whose cluster has these Jobs and pods: the conductor's other parts are tested with a double of the API. */
function played(jobs: readonly IndexedJob[], pods: readonly Pod[] = [], secondsSinceBegin = 10): Played {
  const acts: string[] = [];
  const note = (what: string) => {
    acts.push(what);
    return Promise.resolve();
  };
  const since = new Date(BEGAN).toISOString();
  const status = {
    ...{ schema: STATUS_SCHEMA, runId: 'run-1', startedAt: since, message: '', notes: [] as string[] },
    conditions: [{ stage: 'fleet', state: 'running', since, message: '', released: [] }],
  } as unknown as RunStatus;
  const run = {
    plan: { limits: { schedulingSeconds: 50 } },
    cluster: {
      jobs: () => Promise.resolve(jobs),
      pods: () => Promise.resolve(pods),
      ungate: ({ metadata }: Pod) => note(`ungate ${metadata.name}`),
      endJob: (name: string) => note(`end ${name}`),
    },
    clock: { now: () => BEGAN + secondsSinceBegin * 1000 } as unknown as Clock,
    status,
    publish: () => note('publish'),
  } as unknown as Run;
  return { run, acts };
}

describe('the stage of a fleet', () => {
  it('publishes how many pods it lets go before it does', async () => {
    const { run, acts } = played([job('a'), job('b')], [gated('a-0'), gated('a-1')]);
    const outcome = await fleetStage(run, STAGE);
    expect(acts[0]).toBe('publish');
    expect(acts.slice(1).sort()).toEqual(['ungate a-0', 'ungate a-1']);
    expect(run.status.fleet).toMatchObject({ pods: 4, releases: 2, requeued: 0, waiting: 2 });
    expect(outcome.kind).toBe('running');
  });

  it('lets go so many in one pass that the Lease cannot run out meanwhile', async () => {
    const pods = Array.from({ length: 1000 }, (_, i) => gated(`a-${i}`));
    const { run, acts } = played([job('a'), job('b')], pods);
    await fleetStage(run, STAGE);
    expect(acts.filter((act) => act.startsWith('ungate'))).toHaveLength(300);
  });

  it('counts pods beyond the first of each number as let go again', async () => {
    const { run } = played([job('a'), job('b')], [gated('a-0')]);
    run.status.fleet = { jobs: 2, pods: 4, releases: 4, requeued: 0, succeeded: 0, failed: 0, running: 4, waiting: 0 };
    await fleetStage(run, STAGE);
    expect(run.status.fleet).toMatchObject({ releases: 5, requeued: 1 });
  });

  it('is done when every Job is over, also where pods failed, which are named', async () => {
    const failed = over('Failed', { succeeded: 1, failedIndexes: '1' });
    const { run } = played([job('a', over('Complete', { succeeded: 2 })), job('b', failed)]);
    expect(await fleetStage(run, STAGE)).toMatchObject({
      kind: 'done',
      message: expect.stringMatching(/3 of 4 pods have measured, 1 failed/) as string,
    });
    expect(run.status.notes).toEqual(['node b, Job measure-b: FailedIndexes (indexes 1): some failed']);
  });

  it.each([
    ['0,2-3', 3],
    ['', 0],
    ['0-1', 2],
  ])('counts %o as %d failed numbers while the Job goes on', async (failedIndexes, count) => {
    const { run } = played([job('a', { failedIndexes, active: 1 }), job('b')]);
    await fleetStage(run, STAGE);
    expect(run.status.fleet?.failed).toBe(count);
  });

  it('ends what is not over after its bound, so that the others’ results are published', async () => {
    const { run, acts } = played([job('a', over('Complete', { succeeded: 2 })), job('b')], [], 151);
    expect(await fleetStage(run, STAGE)).toMatchObject({
      kind: 'running',
      message: expect.stringMatching(/ends 1 Jobs .* measure-b on b/) as string,
    });
    expect(acts).toEqual(['end measure-b']);
  });

  it('fails where a Job was never applied, and says what to do', async () => {
    expect(await fleetStage(played([job('a')], [], 10).run, STAGE)).toMatchObject({ kind: 'running' });
    expect(await fleetStage(played([job('a')], [], 121).run, STAGE)).toMatchObject({
      kind: 'failed',
      failure: { summary: expect.stringMatching(/1 of 2 Jobs is not there .*apply all of dist/) as string },
    });
  });
});

it('a run that ended ends its fleet: Jobs that go on, and nothing else', async () => {
  const onNode: Pod = { metadata: { name: 'b-0' }, spec: { nodeName: 'b' }, status: { phase: 'Running' } };
  const { run, acts } = played([job('a', over('Complete')), job('b')], [onNode, gated('b-1')]);
  expect((await endFleet(run, STAGE)).map(({ metadata }) => metadata.name)).toEqual(['b-0']);
  expect(acts).toEqual(['end measure-b']);
});
