import { describe, expect, it } from 'vitest';
import { ApiServerDouble } from './doubles/api-server.js';
import { FakeClock, planOf } from './doubles/rehearsal.js';
import { Workload } from './doubles/workload.js';
import { Lease, LEASE_SECONDS } from './lease.js';
import { permissions } from './permissions.js';

function setUp(): { clock: FakeClock; server: ApiServerDouble; lease: (who: string) => Lease } {
  const clock = new FakeClock();
  const plan = planOf();
  const server = new ApiServerDouble(new Workload(1, () => ''), plan.namespace, permissions(plan));
  return { clock, server, lease: (who) => new Lease(server, plan.namespace, 'conductor-run-1', who, clock) };
}

describe('Lease', () => {
  it('is held by one, and by another only after it was not renewed for its duration', async () => {
    const { clock, lease } = setUp();
    const [a, b] = [lease('a'), lease('b')];
    expect(await a.hold()).toBe(true);
    expect(await b.hold()).toBe(false);
    expect(b.holder).toBe('a');
    await clock.sleep((LEASE_SECONDS - 1) * 1000);
    expect(await b.hold()).toBe(false);
    expect(a.sure).toBe(false);
    await clock.sleep(2000);
    expect(await b.hold()).toBe(true);
    expect(await a.hold()).toBe(false);
  });

  it('is not taken from one that renews', async () => {
    const { clock, lease } = setUp();
    const [a, b] = [lease('a'), lease('b')];
    for (let i = 0; i < 20; i++) {
      expect(await a.hold()).toBe(true);
      expect(await b.hold()).toBe(false);
      await clock.sleep(5000);
    }
  });

  it('goes to exactly one of several that want it at once, new or expired', async () => {
    const { clock, lease } = setUp();
    const all = ['a', 'b', 'c'].map(lease);
    expect((await Promise.all(all.map((one) => one.hold()))).filter(Boolean)).toHaveLength(1);
    const others = ['d', 'e'].map(lease);
    await Promise.all(others.map((one) => one.hold()));
    await clock.sleep(LEASE_SECONDS * 1000 + 1);
    expect((await Promise.all(others.map((one) => one.hold()))).filter(Boolean)).toHaveLength(1);
  });

  it('does not believe the clock of another machine', async () => {
    const { server, lease } = setUp();
    await lease('a').hold();
    const stored = server.leases.get('conductor-run-1');
    if (stored)
      stored.object = { ...stored.object, spec: { ...stored.object.spec, renewTime: '2001-01-01T00:00:00.000000Z' } };
    expect(await lease('b').hold()).toBe(false);
  });

  it('that was given back is taken at once', async () => {
    const { lease } = setUp();
    const a = lease('a');
    await a.hold();
    await a.release();
    expect(await lease('b').hold()).toBe(true);
  });
});
