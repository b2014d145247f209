import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, cellsOf, contentKey, plannedMeasurements, specHash } from './cells.js';
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

it('measures the cells of a repeat in an order of its own that the seed alone decides', () => {
  const order = (...set: string[]): string[] =>
    plannedMeasurements(loadSpec({ preset: 'a100-page', set: ['repeats=2', ...set] })).map(
      ({ variant, batch }) => `${variant}/${batch}`,
    );
  const [first, second] = [order().slice(0, 44), order().slice(44)];
  expect([...first].sort()).toEqual([...second].sort());
  expect(second).not.toEqual(first);
  expect(order()).toEqual([...first, ...second]);
  expect(order('design.seed=2').slice(0, 44)).not.toEqual(first);
});

it('keeps the order of the others when a cell is added', () => {
  const order = (batches: string): string[] =>
    plannedMeasurements(loadSpec({ preset: 'local', set: [`batches=${batches}`] })).map(({ id }) => id);
  expect(order('[32, 64, 256]').filter((id) => !id.includes('-b64-'))).toEqual(order('[32, 256]'));
});

it('puts each cell first about as often as any other', () => {
  const spec = loadSpec({ preset: 'local', set: ['repeats=1000'] });
  const first = plannedMeasurements(spec).filter((_, index) => index % 10 === 0);
  for (const cell of cellsOf(spec))
    expect(first.filter((item) => item.variant === cell.variant && item.batch === cell.batch).length).toBeGreaterThan(
      60,
    );
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
