import { describe, expect, it } from 'vitest';
import { killedAt, KilledError, Rehearsal } from './doubles/rehearsal.js';
import type { Stop } from './loop.js';

/** Changes of a run that nothing disturbs; each is a step at which a conductor may die. */
async function changesOfARun(): Promise<number> {
  const rehearsal = new Rehearsal();
  let changes = 0;
  const { server } = rehearsal;
  await rehearsal.run({
    get: (path, query) => server.get(path, query),
    stream: (path, query) => server.stream(path, query),
    patch: (path, kind, body, query) => {
      changes += 1;
      return server.patch(path, kind, body, query);
    },
    post: (path, body) => {
      changes += 1;
      return server.post(path, body);
    },
  });
  return changes;
}

/** Events, without those on pods: a gated pod of the Deployment may come and go, and its successor has another name. */
function told(rehearsal: Rehearsal): string[] {
  const events = [...rehearsal.server.events.values()].map(({ reason, message }) => `${reason} ${message}`);
  return events.map((line) => line.replace(/(pod .*)-\d+$/, '$1')).sort();
}

async function undisturbed(): Promise<Rehearsal> {
  const rehearsal = new Rehearsal();
  await rehearsal.run();
  return rehearsal;
}

describe.each(['before', 'after'] as const)('a conductor that is killed %s each of its changes', (when) => {
  it('is followed by one that ends the same', async () => {
    const steps = await changesOfARun();
    const model = await undisturbed();
    expect(steps).toBeGreaterThan(30);
    for (let step = 1; step <= steps; step++) {
      const rehearsal = new Rehearsal();
      const { api, reached } = killedAt(rehearsal.server, step, when);
      await expect(rehearsal.run(api), `step ${step}`).rejects.toThrow(KilledError);
      expect(reached()).toBe(true);
      expect(await rehearsal.run(), `step ${step}`).toEqual({ code: 0 });
      expect(rehearsal.ran, `step ${step}`).toEqual(model.ran);
      for (const key of ['table.md', 'records.ndjson', 'ledger.json'])
        expect(rehearsal.published[key], `step ${step}: ${key}`).toBe(model.published[key]);
      expect(told(rehearsal), `step ${step}`).toEqual(told(model));
      expect(rehearsal.status.state).toBe('complete');
      expect(rehearsal.workload.heldGpus, `step ${step}`).toBe(0);
      expect(rehearsal.workload.scale?.spec?.replicas, `step ${step}`).toBe(0);
      expect(rehearsal.workload.mostGpus).toBe(1);
    }
  });

  it('of a run that fails is followed by one that ends it with the same reason', async () => {
    const failing = (): Rehearsal =>
      new Rehearsal({ measure: () => ({ exitCode: 2, log: () => 'measure.py: settings.json: lacks spec_hash\n' }) });
    const model = failing();
    await model.run();
    for (let step = 1; ; step++) {
      const rehearsal = failing();
      const { api, reached } = killedAt(rehearsal.server, step, when);
      const first = await rehearsal.run(api).catch((error: unknown) => error);
      if (!reached()) break;
      expect(first).toBeInstanceOf(KilledError);
      expect((await rehearsal.run()).code, `step ${step}`).toBe(4);
      expect(rehearsal.published['reason'], `step ${step}`).toBe(model.published['reason']);
      expect(rehearsal.workload.heldGpus, `step ${step}`).toBe(0);
      expect(rehearsal.workload.scale?.spec?.replicas, `step ${step}`).toBe(0);
    }
    expect(model.published['reason']).toContain('lacks spec_hash');
  });
});

describe('a conductor that is told to stop', () => {
  it('at any of its looks leaves a run that the next one finishes', async () => {
    for (let look = 1; look <= 12; look++) {
      const rehearsal = new Rehearsal();
      const { clock, workload } = rehearsal;
      const stop: Stop = { requested: false, promise: new Promise(() => undefined) };
      let looks = 0;
      clock.onSleep = () => {
        workload.tick();
        looks += 1;
        if (looks === look) stop.requested = true;
      };
      expect((await rehearsal.run(undefined, stop)).code).toBe(143);
      const begins = clock.now();
      expect((await rehearsal.run()).code).toBe(0);
      expect(rehearsal.ran).toEqual(['create-models 1', 'build-engines 1', 'triton 1', 'measure 1']);
      // The leases were given back: nobody waits until they expire.
      expect(clock.now() - begins).toBeLessThan(120_000);
    }
  });

  it('because its Job is gone frees the GPU itself: nobody comes after it', async () => {
    const rehearsal = new Rehearsal();
    const { clock, workload, plan, volume } = rehearsal;
    const stop: Stop = { requested: false, promise: new Promise(() => undefined) };
    clock.onSleep = () => {
      workload.tick();
      if (volume.size === 3) {
        workload.jobs.delete(plan.conductorJob);
        stop.requested = true;
      }
    };
    expect(await rehearsal.run(undefined, stop)).toEqual({
      code: 143,
      reason: 'was told to stop; the run ends with it',
    });
    expect(workload.scale?.spec?.replicas).toBe(0);
    expect(rehearsal.server.changes).toContain(`pod ${plan.stages.measure.job}-1 stopped`);
    expect(rehearsal.published['reason']).toContain('was ended from outside');
    expect(rehearsal.status.state).toBe('failed');
    for (let i = 0; i < 5; i++) workload.tick();
    expect(workload.heldGpus).toBe(0);
  });
});
