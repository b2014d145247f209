import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedPage } from '../../test/fixtures/published/page-model.js';
import { ratioTwoDecimals, significant, wholeMicroseconds } from './rounding.js';

describe('the rounding of the report', () => {
  it('gives all eleven published speed-ups to the last digit', () => {
    const { rows } = publishedPage();
    expect(rows).toHaveLength(11);
    for (const { us, speedUp } of rows) expect(ratioTwoDecimals(us[0] ?? 0, us[3] ?? 0)).toBe(speedUp);
  });

  it('needs rounding for that, since cutting off after two decimals gives 1.41 where the page has 1.42', () => {
    expect((Math.floor((551 / 389) * 100) / 100).toFixed(2)).toBe('1.41');
    expect(ratioTwoDecimals(551, 389)).toBe('1.42');
  });

  it('rounds an exact half up, where rounding the quotient as a double would go down', () => {
    expect((201 / 200).toFixed(2)).toBe('1.00');
    expect(ratioTwoDecimals(201, 200)).toBe('1.01');
    expect(wholeMicroseconds(1114.5)).toBe('1115');
    expect(wholeMicroseconds(1114.49)).toBe('1114');
  });

  it('agrees with integer arithmetic for every ratio of whole numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 1, max: 10_000_000 }), (a, b) => {
        const hundredths = (200n * BigInt(a) + BigInt(b)) / (2n * BigInt(b));
        expect(ratioTwoDecimals(a, b)).toBe(`${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}`);
      }),
    );
  });

  it('writes very small differences with an exponent and others plainly', () => {
    expect(significant(0.0000019)).toBe('1.9e-6');
    expect(significant(0.0001)).toBe('0.0001');
    expect(significant(0.0213)).toBe('0.0213');
    expect(significant(0)).toBe('0');
  });
});
