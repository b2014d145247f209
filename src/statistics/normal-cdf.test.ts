import reference from '@stdlib/stats-base-dists-normal-cdf';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalCdf } from './normal-cdf.js';

it('agrees with the library to 12 digits, in the tails too', () => {
  fc.assert(
    fc.property(fc.double({ min: -37, max: 37, noNaN: true }), (z) => {
      expect(Math.abs(normalCdf(z) / reference(z, 0, 1) - 1)).toBeLessThan(1e-12);
    }),
    { numRuns: 2000 },
  );
});

it('has its known values, and both ends', () => {
  expect(normalCdf(0)).toBe(0.5);
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 15);
  // R 4.2: pnorm(-10) = 7.619853024160527e-24.
  expect(normalCdf(-10) / 7.619853024160527e-24).toBeCloseTo(1, 12);
  expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(NaN)]).toEqual([0, 1, NaN]);
});
