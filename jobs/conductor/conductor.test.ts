import { describe, expect, it } from 'vitest';
import { ApiError, type Api } from './api.js';
import { measurements, Rehearsal } from './doubles/rehearsal.js';
import { condition } from './objects.js';

const STARTED = ['create-models 1', 'build-engines 1', 'triton 1', 'measure 1'];

describe('a run that goes well', () => {
  it('runs the stages in order with one GPU, publishes the table and ends with none held', async () => {
    const rehearsal = new Rehearsal();
    expect(await rehearsal.run()).toEqual({ code: 0 });
    expect(rehearsal.ran).toEqual(STARTED);
    expect(rehearsal.workload.mostGpus).toBe(1);
    expect(rehearsal.workload.heldGpus).toBe(0);
    expect(rehearsal.workload.scale?.spec?.replicas).toBe(0);
    const { status, published } = rehearsal;
    expect(status).toMatchObject({ state: 'complete', measurements: { expected: 8, measured: 8, missing: 0 } });
    expect(status.finishedAt).not.toBeNull();
    expect(status.conditions.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
      'create-models done',
      'build-engines done',
      'serve done',
      'measure done',
      'publish done',
    ]);
    expect(published['table.md']).toContain('| 1024 |2000|2000|1.00|');
    expect(published['records.ndjson']?.trim().split('\n')).toHaveLength(measurements.length);
    expect(published['reason']).toBeUndefined();
    expect(rehearsal.server.annotations).toEqual({ 'hps-bench/outcome': 'complete: 8 of 8 measurements' });
  });

  it('scales the Deployment to 0 before anything else, so that its pod cannot take the GPU first', async () => {
    const rehearsal = new Rehearsal();
    await rehearsal.run();
    const changes = rehearsal.server.changes.filter((change) => /^(scale|pod)/.test(change));
    expect(changes[0]).toBe('scale 0');
    expect(changes.filter((change) => change.startsWith('scale'))).toEqual(['scale 0', 'scale 1', 'scale 0']);
  });

  it('tells the story in events on its Job, each once', async () => {
    const rehearsal = new Rehearsal();
    await rehearsal.run();
    const told = [...rehearsal.server.events.values()];
    expect(told.filter((event) => event.reason === 'StageDone')).toHaveLength(5);
    expect(told.at(-1)).toMatchObject({
      reason: 'Finished',
      type: 'Normal',
      involvedObject: { kind: 'Job', name: rehearsal.plan.conductorJob, uid: `uid-${rehearsal.plan.conductorJob}` },
    });
  });

  it('shows the table so far while it measures', async () => {
    const rehearsal: Rehearsal = new Rehearsal({ measure: () => ({ ...slow(rehearsal.measuring()), runs: 30 }) });
    const seen: string[] = [];
    const { clock, workload } = rehearsal;
    clock.onSleep = () => {
      workload.tick();
      const { measured } = rehearsal.published['status.json'] ? rehearsal.status.measurements : { measured: 0 };
      seen.push(String(measured));
    };
    expect((await rehearsal.run()).code).toBe(0);
    expect(new Set(seen).size).toBeGreaterThan(2);
  });

  it('skips the engines where the plan has none', async () => {
    const plan = new Rehearsal().plan;
    const { 'create-models': create, serve, measure } = plan.stages;
    const stages = { 'create-models': create, serve, measure };
    const rehearsal = new Rehearsal({}, { stages });
    expect((await rehearsal.run()).code).toBe(0);
    expect(rehearsal.ran).toEqual(STARTED.filter((stage) => !stage.startsWith('build')));
  });

  it('is done at once when it is started again after the end', async () => {
    const rehearsal = new Rehearsal();
    await rehearsal.run();
    const before = [...rehearsal.server.changes];
    expect(await rehearsal.run()).toEqual({ code: 0 });
    expect(rehearsal.server.changes.slice(before.length).filter((change) => !change.startsWith('lease'))).toEqual([]);
    expect(rehearsal.ran).toEqual(STARTED);
  });

  it('goes straight on where the Jobs of an earlier run are complete', async () => {
    const rehearsal = new Rehearsal();
    for (const stage of ['create-models', 'build-engines'] as const)
      rehearsal.workload.jobs
        .get(rehearsal.plan.stages[stage]?.job ?? '')
        ?.object.status.conditions.push({ type: 'Complete', status: 'True' });
    expect((await rehearsal.run()).code).toBe(0);
    expect(rehearsal.ran).toEqual(['triton 1', 'measure 1']);
  });
});

describe('trouble on the way', () => {
  it('goes on when the serving pod is deleted in mid-run: releases the new one, then a new measuring pod', async () => {
    const rehearsal = new Rehearsal();
    const { clock, workload, volume } = rehearsal;
    let killed = false;
    clock.onSleep = () => {
      if (volume.size === 3 && !killed) {
        killed = true;
        workload.remove(workload.began.find((name) => name.startsWith('triton')) ?? '');
      }
      workload.tick();
    };
    expect((await rehearsal.run()).code).toBe(0);
    expect(rehearsal.ran).toEqual([...STARTED.slice(0, 4), 'triton 2', 'measure 2']);
    expect(rehearsal.status.measurements.measured).toBe(8);
    expect(workload.heldGpus).toBe(0);
  });

  it('goes on when the measuring pod is deleted in mid-run', async () => {
    const rehearsal = new Rehearsal();
    const { clock, workload, volume, plan } = rehearsal;
    const first = `${plan.stages.measure.job}-1`;
    clock.onSleep = () => {
      if (volume.size === 3 && workload.pods.get(first)?.leaving === undefined && workload.pods.has(first))
        workload.remove(first);
      workload.tick();
    };
    expect((await rehearsal.run()).code).toBe(0);
    expect(rehearsal.ran).toEqual([...STARTED, 'measure 2']);
    expect(rehearsal.status.measurements.measured).toBe(8);
  });

  it('waits where the API server is away, and goes on', async () => {
    const rehearsal = new Rehearsal();
    const { clock, workload, server } = rehearsal;
    let slept = 0;
    clock.onSleep = () => {
      slept += 1;
      server.broken = slept > 5 && slept < 60 ? new ApiError(0, 'Unreachable', 'connection refused') : undefined;
      workload.tick();
    };
    expect((await rehearsal.run()).code).toBe(0);
    expect(rehearsal.ran).toEqual(STARTED);
  });

  it('ends with 4 and names the right that it lacks when it is refused for a minute', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.server.broken = new ApiError(403, 'Forbidden', 'cannot get leases');
    const ended = await rehearsal.run();
    expect(ended.code).toBe(4);
    expect(ended.reason).toContain('cannot get leases');
  });

  it('frees the GPU although it may not write the results any more', async () => {
    const rehearsal = new Rehearsal();
    const { server, volume, workload } = rehearsal;
    const api: Api = {
      get: (path, query) => server.get(path, query),
      stream: (path, query) => server.stream(path, query),
      post: (path, body) => server.post(path, body),
      patch: (path, kind, body, query) =>
        path.includes('configmaps') && volume.size > 2
          ? Promise.reject(new ApiError(403, 'Forbidden', 'exceeded quota'))
          : server.patch(path, kind, body, query),
    };
    const ended = await rehearsal.run(api);
    expect(ended).toMatchObject({ code: 4, reason: expect.stringContaining('exceeded quota') as string });
    expect(workload.scale?.spec?.replicas).toBe(0);
  });

  it('says incomplete and ends with 3 when a measurement is not valid', async () => {
    const rehearsal: Rehearsal = new Rehearsal({
      measure: () => {
        const script = rehearsal.measuring();
        // Triton and perf_analyzer saw different times for one of them.
        return {
          ...script,
          log: (ticks) => script.log?.(ticks).replace('compute infer 2000 usec', 'compute infer 1990 usec') ?? '',
        };
      },
    });
    expect((await rehearsal.run()).code).toBe(3);
    const { status, published } = rehearsal;
    expect(status.state).toBe('incomplete');
    expect(status.measurements.measured).toBe(7);
    expect(published['table.md']).toContain('7 of 8 measurements');
    expect(JSON.parse(published['ledger.json'] ?? '')).toMatchObject({ expected: 8, measured: 7 });
    expect(rehearsal.workload.heldGpus).toBe(0);
  });

  it("names what the log lost when it does not hold what measure.py's termination message counts", async () => {
    const rehearsal: Rehearsal = new Rehearsal({
      measure: () => {
        const script = rehearsal.measuring();
        return { ...script, log: (ticks) => script.log?.(ticks).split('\n').slice(0, -8).join('\n') ?? '' };
      },
    });
    expect((await rehearsal.run()).code).toBe(3);
    expect(rehearsal.status.notes.join('\n')).toMatch(/the log gave 7 measurements .* measure.py left 8 on the volume/);
  });

  it('makes an error of its own the reason of the run, and still frees the GPU', async () => {
    const rehearsal = new Rehearsal();
    const { clock, workload } = rehearsal;
    clock.onSleep = () => {
      workload.tick();
      // An answer that no API server gives.
      for (const pod of workload.pods.values())
        if (pod.owner.startsWith('triton') && pod.ticks === 3)
          Object.assign(pod.object, { status: { phase: 'Running', containerStatuses: 7 } });
    };
    expect((await rehearsal.run()).code).toBe(4);
    expect(rehearsal.published['reason']).toContain('the conductor itself failed: TypeError');
    expect(workload.scale?.spec?.replicas).toBe(0);
  });
});

describe('two conductors', () => {
  it('at once do the work once', async () => {
    const rehearsal = new Rehearsal();
    const both = await Promise.all([rehearsal.run(), rehearsal.run()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(rehearsal.ran).toEqual(STARTED);
    expect(rehearsal.server.changes.filter((change) => change.startsWith('scale'))).toHaveLength(3);
  });

  it('of two runs in one namespace go one after the other', async () => {
    const rehearsal = new Rehearsal();
    rehearsal.server.leases.set('hps-bench', {
      object: {
        metadata: { name: 'hps-bench', resourceVersion: '7' },
        spec: { holderIdentity: 'run-0', leaseDurationSeconds: 15 },
      },
      manager: 'someone',
    });
    const messages = new Set<string>();
    const { clock, workload } = rehearsal;
    clock.onSleep = () => {
      workload.tick();
      if (rehearsal.published['status.json']) messages.add(rehearsal.status.message);
    };
    expect((await rehearsal.run()).code).toBe(0);
    expect([...messages][0]).toContain('waits for run run-0');
  });
});

it('has a Job that the API calls complete for each stage at the end', async () => {
  const rehearsal = new Rehearsal();
  await rehearsal.run();
  for (const stage of ['create-models', 'build-engines', 'measure'] as const) {
    const job = rehearsal.workload.jobs.get(rehearsal.plan.stages[stage]?.job ?? '')?.object;
    expect(job && condition(job, 'Complete')).toBeDefined();
  }
});

/** One measurement every three ticks. */
function slow<T extends { each?: () => number | undefined }>(script: T): T {
  let ticks = 0;
  return { ...script, each: () => (ticks++ % 3 === 0 ? script.each?.() : undefined) };
}
