import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSpec, PACKAGE_ROOT, SpecError } from '../spec/index.js';
import { nextAction, publishedReference } from '../verdict/index.js';
import { adaptiveDesign, adaptiveSettings } from './index.js';

const SET = ['design.adaptive=published', 'design.canary.measurements=0', 'repeats=14'];
const spec = loadSpec({ preset: 'a100-page', set: SET });

interface Shared {
  readonly settings: Record<string, unknown>;
  readonly published: number;
  readonly cases: readonly { readonly values: number[]; readonly expected: string }[];
}

/** The same cases are put to jobs/hpsb_adaptive.py by jobs/tests/test_adaptive.py. */
const shared = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'test', 'fixtures', 'adaptive.json'), 'utf8')) as Shared;

/** Twelve digits of every number: what is solved for numerically may differ in its last ones. */
function rounded(value: unknown): object {
  const text = JSON.stringify(value, (_key, at: unknown) => (typeof at === 'number' ? Number(at.toPrecision(12)) : at));
  return JSON.parse(text) as object;
}

it('answers the cases as the rule of src/verdict does, with the table that measure.py is given', () => {
  const table = adaptiveDesign(spec)?.table;
  if (table === undefined) throw new Error('the spec is adaptive');
  const reference = { ...publishedReference(shared.published) };
  expect(rounded(adaptiveSettings(spec))).toMatchObject(rounded(shared.settings));
  for (const { values, expected } of shared.cases) {
    const next = nextAction(values, reference, table);
    expect(next.action === 'stop' ? next.verdict : 'continue').toBe(expected);
  }
});

it('gives measure.py references for the published cells only, and nothing when it is off', () => {
  const odd = loadSpec({ preset: 'a100-page', set: [...SET, 'batches=[100, 1024]'] });
  expect((adaptiveSettings(odd)?.['references'] as Record<string, number>)['native_tf/1024']).toBe(Math.log(1911));
  expect(Object.keys(adaptiveSettings(odd)?.['references'] as object)).toHaveLength(4);
  expect(adaptiveSettings(loadSpec({ preset: 'a100-page' }))).toBeNull();
});

it('refuses too few repeats to call a difference', () => {
  const set = ['design.adaptive=published', 'repeats=5'];
  expect(() => loadSpec({ preset: 'a100-page', set })).toThrow(SpecError);
  expect(() => loadSpec({ preset: 'a100-page', set })).toThrow('allowed: 7 to 100');
});
