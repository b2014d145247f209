import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, contentKey, plannedMeasurements, specHash } from './cells.js';
import { loadSpec } from './load.js';

it('owes the published 44 cells once for each repeat', () => {
  const spec = loadSpec({ preset: 'a100-page', set: ['repeats=3'] });
  const planned = plannedMeasurements(spec);
  expect(planned).toHaveLength(44 * 3);
  expect(new Set(planned.map((item) => item.id)).size).toBe(132);
});

it('goes through all cells before it repeats any, so that a stopped run is balanced', () => {
  const repeats = plannedMeasurements(loadSpec({ preset: 'local' })).map((item) => item.repeat);
  expect(repeats).toEqual([...repeats].sort((a, b) => a - b));
});

it('hashes what is said, not how it is ordered', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(contentKey(reversed)).toBe(contentKey(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('has another hash for every change that could move a figure', () => {
  const base = specHash(loadSpec({ preset: 'local' }));
  for (const change of ['model.seed=1', 'repeats=9', 'perfAnalyzer.windowMs=999', 'local.threads=2', 'batches=[32]'])
    expect(specHash(loadSpec({ preset: 'local', set: [change] }))).not.toBe(base);
});
