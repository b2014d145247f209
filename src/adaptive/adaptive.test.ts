import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ledgerOf, outstanding } from '../ledger/index.js';
import { recordOf } from '../ledger/testing.js';
import { loadSpec, PACKAGE_ROOT, plannedMeasurements, SpecError } from '../spec/index.js';
import { adaptiveDesign, adaptiveSettings, enough } from './index.js';

const SET = ['design.adaptive=published', 'design.canary.measurements=0', 'repeats=14'];
const spec = loadSpec({ preset: 'a100-page', set: SET });

interface Shared {
  readonly settings: Record<string, unknown>;
  readonly published: number;
  readonly cases: readonly { readonly values: number[]; readonly expected: string }[];
}

/** The same cases are put to jobs/hpsb_adaptive.py by jobs/tests/test_adaptive.py. */
const shared = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'test', 'fixtures', 'adaptive.json'), 'utf8')) as Shared;

describe('the cases that both programs are held to', () => {
  it('are answered as the rule of src/verdict answers them, with the table that measure.py is given', () => {
    const design = adaptiveDesign(spec);
    if (design === undefined) throw new Error('the spec is adaptive');
    const settings = adaptiveSettings(spec);
    expect(settings).toMatchObject(shared.settings);
    const referenceOf = (): number => Math.log(shared.published);
    for (const { values, expected } of shared.cases) {
      const stop = enough({ ...design, referenceOf }, { variant: '', batch: 1 }, values);
      // A case may have been decided by fewer of its values; then the last of them is no question any more.
      if (stop === undefined || stop.repeats === values.length) expect(stop?.verdict ?? 'continue').toBe(expected);
    }
  });
});

describe('the ledger of an adaptive run', () => {
  const planned = plannedMeasurements(spec);
  const published = new Map([
    ['native_tf/1024', 1911],
    ['fp16_trt_with_hps/131072', 19340],
  ]);

  it('counts repeats as not needed once the verdict is certain, and owes the other cells still', () => {
    // Both cells lie on their published figure to 0.1 %.
    const records = planned
      .filter(({ variant, batch, repeat }) => published.has(`${variant}/${batch}`) && repeat <= 4)
      .map((item) => recordOf(item, (published.get(`${item.variant}/${item.batch}`) ?? 0) * (1 + 0.001 * item.repeat)));
    const ledger = ledgerOf(spec, records);
    expect(ledger.notNeeded).toHaveLength(20);
    expect(ledger.notNeeded[0]?.reason).toMatch(
      /^not needed: after [234] repeats the verdict against the published figure was reproduced$/,
    );
    expect(ledger.entries).toHaveLength(planned.length - 20);
    expect(outstanding(ledger, 3).some(({ variant, batch }) => published.has(`${variant}/${batch}`))).toBe(false);
    expect(ledger.unexpected).toEqual([]);
  });

  it('needs every repeat of a cell that the page does not have, and of every cell when it is off', () => {
    const odd = loadSpec({ preset: 'a100-page', set: [...SET, 'batches=[100]'] });
    const records = plannedMeasurements(odd)
      .filter(({ repeat }) => repeat < 14)
      .map((item) => recordOf(item, 100));
    expect(ledgerOf(odd, records).notNeeded).toEqual([]);
    expect(adaptiveSettings(loadSpec({ preset: 'a100-page' }))).toBeNull();
  });
});

it('refuses too few repeats to call a difference', () => {
  const set = ['design.adaptive=published', 'repeats=5'];
  expect(() => loadSpec({ preset: 'a100-page', set })).toThrow(SpecError);
  expect(() => loadSpec({ preset: 'a100-page', set })).toThrow('allowed: 7 to 100');
});
