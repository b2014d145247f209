import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf, partlyKnownReach, studentQuantile, studentUpper } from './index.js';

describe('reach of an interval for what is only known to lie between two ends', () => {
  it('is the two-sided quantile where the ends are one, and the one-sided where they lie far apart', () => {
    expect(partlyKnownReach(0, 0.95, 18)).toBe(studentQuantile(0.95, 18));
    expect(partlyKnownReach(30, 0.95, 18)).toBeCloseTo(studentQuantile(0.9, 18), 6);
  });

  it('solves the published equation for normal values', () => {
    for (const gap of [0.1, 0.5, 1, 2]) {
      const reach = partlyKnownReach(gap, 0.95, 200_000);
      expect(normalCdf(reach + gap) - normalCdf(-reach)).toBeCloseTo(0.95, 5);
    }
  });

  it('holds the truth at either end with the level that is asked for', () => {
    const gaps = fc.double({ min: 0, max: 8, noNaN: true });
    const levels = fc.double({ min: 0.6, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(gaps, levels, fc.integer({ min: 1, max: 300 }), (gap, level, df) => {
        const reach = partlyKnownReach(gap, level, df);
        expect(1 - studentUpper(reach, df) - studentUpper(reach + gap, df)).toBeCloseTo(level, 4);
      }),
    );
  });
});
