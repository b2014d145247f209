import { describe, expect, it } from 'vitest';
import { specHash } from '../../src/spec/cells.js';
import { planOf } from './doubles/rehearsal.js';
import { checkPlan, conductorLease, FLOOR_LEASE, PlanError, resultsName, stagesOf } from './plan.js';
import { permissions } from './permissions.js';

const written = (): Record<string, unknown> => JSON.parse(JSON.stringify(planOf())) as Record<string, unknown>;
const check = (value: unknown): unknown => checkPlan(value, 'plan.json', specHash);

describe('checkPlan', () => {
  it('accepts what the charts write', () => {
    expect(check(written())).toEqual(written());
  });

  it.each<[string, unknown, RegExp]>([
    ['schema', 'hps-bench/plan/0', /has schema "hps-bench\/plan\/0", this conductor reads hps-bench\/plan\/1/],
    ['runId', 'Run_1', /runId: is "Run_1"; allowed: text like/],
    ['stages', { serve: {} }, /stages.serve.gpus: is missing; .*stages.create-models: is missing/],
    ['limits', { runSeconds: 0, schedulingSeconds: 1, releases: 1 }, /limits.runSeconds: is 0; allowed: 1 or more/],
    ['variants', [], /variants: is \[\]; allowed: 1 or more items/],
    ['extra', 1, /extra: is 1; allowed: only schema, runId/],
    ['specHash', '0123456789ab', /specHash is "0123456789ab", but the spec beside it has/],
  ])('refuses %s = %j', (key, value, message) => {
    expect(() => check({ ...written(), [key]: value })).toThrow(PlanError);
    expect(() => check({ ...written(), [key]: value })).toThrow(message);
  });

  it('refuses what is no object', () => {
    for (const value of [null, 1, [], 'plan']) expect(() => check(value)).toThrow(PlanError);
  });
});

it('has the engines stage only where the plan has its Job', () => {
  const plan = planOf();
  expect(stagesOf(plan)).toEqual(['create-models', 'build-engines', 'serve', 'measure', 'publish']);
  const { 'create-models': create, serve, measure } = plan.stages;
  expect(stagesOf({ ...plan, stages: { 'create-models': create, serve, measure } })).not.toContain('build-engines');
});

describe('permissions', () => {
  it('are on named objects wherever the names are known', () => {
    const unnamed = permissions(planOf()).filter((rule) => rule.resourceNames === undefined);
    expect(unnamed.flatMap((rule) => rule.resources)).toEqual(['pods', 'pods/log', 'events']);
  });

  it('let nothing be deleted and no secret be read', () => {
    const rules = permissions(planOf());
    expect(rules.flatMap((rule) => rule.verbs)).not.toContain('delete');
    expect(rules.flatMap((rule) => [...rule.resources, ...rule.verbs])).not.toContain('*');
    expect(rules.flatMap((rule) => rule.resources)).not.toContain('secrets');
  });

  it("name the run's own results and leases", () => {
    const names = permissions(planOf()).flatMap((rule) => rule.resourceNames ?? []);
    expect(names).toEqual(expect.arrayContaining([resultsName('run-1'), conductorLease('run-1'), FLOOR_LEASE]));
  });
});
