import { expect, it } from 'vitest';
import { loadSpec } from '../spec/index.js';
import { cardinalities, CRITEO_T15, tableBytes, tableRows } from './slots.js';

it('has the published 26 tables, 32,709,138 rows and 16.75 GB', () => {
  const { model } = loadSpec({ preset: 'a100-page' });
  expect(CRITEO_T15).toHaveLength(26);
  expect(tableRows(model)).toBe(32_709_138);
  expect(tableBytes(model)).toBe(16_747_078_656);
});

it('keeps every table when it scales down', () => {
  const { model } = loadSpec({ preset: 'local', set: ['model.scale=0.000001'] });
  expect(Math.min(...cardinalities(model))).toBe(1);
});
