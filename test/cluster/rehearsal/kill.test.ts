import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { a100Node } from '../a100-node.js';
import { Kubectl } from '../kubectl.js';
import type { ConductorProcess } from './conductor-process.js';
import { openGate, type Change, type Gate, type Verdict } from './gate.js';
import { Rehearsal } from './rehearsal.js';
import { ownCluster } from '../worker.js';

const kubectl = new Kubectl(ownCluster());
const NODE = 'a100-kill';

/** What a change does, without what differs each time: times, versions, identities and uids. */
function stepOf({ method, path, body }: Change): string {
  const where = path.replace(/\?.*/, '').replace(/^.*\/namespaces\/[^/]+\//, '');
  const value = JSON.parse(body) as Record<string, Record<string, unknown> | undefined>;
  if (where.startsWith('leases/')) return `${where} held`;
  if (where === 'events') return `event ${JSON.stringify([value['reason'], value['message']])}`;
  if (!where.startsWith('configmaps/')) return `${method} ${where} ${JSON.stringify(value['spec'])}`;
  const status = JSON.parse(String(value['data']?.['status.json'])) as {
    state: string;
    stage: string;
    finishedAt: string | null;
    conditions: { stage: string; state: string; released: unknown[] }[];
  };
  const conditions = status.conditions.map(({ stage, state, released }) => `${stage} ${state} ${released.length}`);
  return `publish ${[status.state, status.stage, String(status.finishedAt !== null), ...conditions].join(', ')}`;
}

describe.each([
  ['before the API server has the change', 'swallow'],
  ['after it, but before the answer comes', 'cut'],
] as const)('a conductor that is killed at each of its steps, %s', (_, how) => {
  const namespace = `kill-${how}`;
  const killedAt = new Set<string>();
  let rehearsal: Rehearsal;
  let gate: Gate;
  let conductor: ConductorProcess;

  beforeAll(async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }));
    rehearsal = await Rehearsal.begin(kubectl, namespace, { set: ['repeats=1', 'batches=[32,1024]'] });
    gate = await openGate(kubectl.access, (change): Verdict => {
      const step = stepOf(change);
      if (killedAt.has(step)) return 'pass';
      killedAt.add(step);
      void conductor.kill();
      return how;
    });
  });
  afterAll(async () => {
    await conductor.kill();
    await gate.close();
    await rehearsal.end();
    await kubectl.ok(['delete', 'node', NODE]);
  });

  it('ends as if it had lived: everything measured, every stage run once, no GPU held', async () => {
    const leases = [`conductor-${rehearsal.manifests.plan.runId}`];
    let code: number | null = null;
    let processes = 0;
    while (code === null) {
      conductor = rehearsal.conductor({ HPS_BENCH_API: gate.address });
      processes += 1;
      code = (await conductor.ended).code;
      // What the lease's running out would do; that it does run out is tested below.
      for (const name of leases) {
        const patch = '{"spec":{"holderIdentity":""}}';
        await kubectl.run(['patch', 'lease', name, '-n', namespace, '--type=merge', '-p', patch]);
      }
    }
    expect(code).toBe(0);
    expect(processes).toBe(killedAt.size + 1);
    const steps = [...killedAt].join('\n');
    for (const owner of ['create-models', 'build-engines', 'triton', 'measure'])
      expect(steps).toMatch(new RegExp(`^PATCH pods/${owner}-.*schedulingGates`, 'm'));
    expect(steps).toMatch(/deployments\/.*\/scale \{"replicas":0\}/);
    expect(steps).toMatch(/deployments\/.*\/scale \{"replicas":1\}/);

    const { plan } = rehearsal.manifests;
    const { state, measurements } = await rehearsal.status();
    expect({ state, ...measurements }).toMatchObject({ state: 'complete', measured: plan.measurements });
    const jobs = rehearsal.director.ran.filter((label) => /^(create-models|build-engines|measure)/.test(label));
    expect(jobs).toEqual(['create-models 1', 'build-engines 1', 'measure 1']);
    expect(rehearsal.director.mostGpus).toBe(1);
    await expect.poll(() => rehearsal.director.heldGpus, { timeout: 60_000 }).toBe(0);
  });
});

describe('a conductor that was killed while it held the lease', () => {
  const namespace = 'kill-lease';

  it('is followed by the next one once the lease has run out', async () => {
    await kubectl.apply(a100Node(NODE, { gpus: 1 }));
    const rehearsal = await Rehearsal.begin(kubectl, namespace, { set: ['repeats=1', 'batches=[32]'] });
    try {
      const first = rehearsal.conductor();
      await expect.poll(() => rehearsal.director.ran, { timeout: 120_000 }).toContain('create-models 1');
      await first.kill();
      const { code, tail } = await rehearsal.conductor().ended;
      expect({ code, tail: code === 0 ? [] : tail }).toEqual({ code: 0, tail: [] });
    } finally {
      await rehearsal.end();
      await kubectl.ok(['delete', 'node', NODE]);
    }
  });
});
