import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, bytesText, durationText, quantityFor } from './quantity.js';

it('reads the sizes that a spec may hold', () => {
  expect(['1Ki', '512Mi', '64Gi', '2Ti'].map(bytesOf)).toEqual([1024, 536870912, 68719476736, 2199023255552]);
  expect(() => bytesOf('64GB')).toThrow('"64GB" is not a size');
});

it('suggests a size that holds the bytes and is less than 8 GiB larger', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (bytes) => {
      const size = bytesOf(quantityFor(bytes));
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size - bytes).toBeLessThan(8 * 2 ** 30);
    }),
  );
});

it('says bytes and seconds as people do', () => {
  expect([0, 5e4, 4.2e6, 81e6, 14.55e9].map(bytesText)).toEqual(['-', '50 kB', '4.2 MB', '81 MB', '14.6 GB']);
  expect([12.4, 89, 90, 5350, 5400, 13_200].map(durationText)).toEqual(
    ['12 s', '89 s', '2 min', '89 min', '1 h 30 min', '3 h 40 min'], // prettier-ignore
  );
});
