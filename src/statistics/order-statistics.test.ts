import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, medianInterval, medianRanks } from './index.js';

describe('median and its interval', () => {
  it.each([
    [6, 1, 6, 0.96875],
    [9, 2, 8, 0.9609375],
    [12, 3, 10, 0.96142578125],
  ])('has the ranks that the binomial gives for %i values', (n, low, high, level) => {
    expect(medianRanks(n)).toEqual({ low, high, level });
  });

  it('gives no 95 % interval below 6 values, and the range always', () => {
    expect(medianRanks(5)).toBeNull();
    expect(medianInterval([3, 1, 2])).toEqual({ median: 2, interval: null, range: { low: 1, high: 3 }, n: 3 });
  });

  it('lets the interval be asked for at other levels', () => {
    expect(medianRanks(5, 0.9)).toEqual({ low: 1, high: 5, level: 0.9375 });
  });

  it('does not depend on the order of the values and leaves them as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
        const before = [...values];
        const there = medianInterval(values);
        expect(values).toEqual(before);
        expect(medianInterval(values.toReversed())).toEqual(there);
        expect(there.median).toBe(median(values));
        expect(there.range.low).toBeLessThanOrEqual(there.interval?.low ?? there.median);
      }),
    );
  });

  it('names a value that is no number', () => {
    expect(() => medianInterval([1, NaN])).toThrow(new RangeError('values[1] is NaN; it must be a finite number'));
    expect(() => median([])).toThrow('values: no values');
    expect(() => medianInterval([1], 95)).toThrow('level is 95');
  });
});
