import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile, studentQuantile, studentTwoSided, studentUpper } from './index.js';
import { digamma, trigamma } from './moderated-variance.js';
import { largestDifference, numberOf, numbersOf } from './reference.js';

describe('distribution functions agree with R', () => {
  it('normal', () => {
    const found = [normalCdf(-8.1), normalCdf(1.5), normalQuantile(0.975), normalQuantile(1 - 0.005 / 88)];
    const expected = ['pnorm(-8.1)', 'pnorm(1.5)', 'qnorm(0.975)', 'qnorm(1 - 0.005/88)'].map(numberOf);
    expect(largestDifference(found, expected)).toBeLessThan(1e-12);
  });

  it('far quantiles of the normal, to eight digits', () => {
    expect(largestDifference([normalQuantile(1e-10)], [numberOf('qnorm(1e-10)')])).toBeLessThan(1e-8);
  });

  it("Student's t", () => {
    const tails = [1, 2, 3, 4, 9, 18, 57, 792].map((df) => studentTwoSided(2.5, df));
    expect(largestDifference(tails, numbersOf('2 * pt(-2.5, c(1, 2, 3, 4, 9, 18, 57, 792))'))).toBeLessThan(1e-12);
    const far = [2, 5, 18, 33].map((df) => studentTwoSided(-6, df));
    expect(largestDifference(far, numbersOf('2 * pt(-6, c(2, 5, 18, 33))'))).toBeLessThan(1e-8);
    expect(
      largestDifference([studentUpper(0.3, 7), studentUpper(-0.3, 7)], ['pt(-0.3, 7)', 'pt(0.3, 7)'].map(numberOf)),
    ).toBeLessThan(1e-13);
  });

  it("quantiles of Student's t", () => {
    const usual = [1, 2, 3, 4, 9, 18, 57, 792].map((df) => studentQuantile(0.95, df));
    expect(largestDifference(usual, numbersOf('qt(0.975, c(1, 2, 3, 4, 9, 18, 57, 792))'))).toBeLessThan(1e-12);
    const far = [5, 18, 36, 792].map((df) => studentQuantile(1 - 0.005 / 44, df));
    expect(largestDifference(far, numbersOf('qt(1 - 0.005/88, c(5, 18, 36, 792))'))).toBeLessThan(1e-10);
    expect(() => studentQuantile(0.95, 2.5)).toThrow('degrees of freedom are 2.5');
  });

  it('digamma and trigamma', () => {
    const at = [0.5, 1, 4.5, 9, 30];
    expect(largestDifference(at.map(digamma), numbersOf('digamma(c(0.5, 1, 4.5, 9, 30))'))).toBeLessThan(1e-12);
    expect(largestDifference(at.map(trigamma), numbersOf('trigamma(c(0.5, 1, 4.5, 9, 30))'))).toBeLessThan(1e-12);
  });
});
