import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelector, SelectorError, selects } from './label-selector.js';

const selectsText = (text: string, labels: Record<string, string>): boolean => selects(parseSelector(text), labels);

describe('a label selector', () => {
  it.each([
    ['pool=a100', { pool: 'a100' }, true],
    ['pool==a100', { pool: 'h100' }, false],
    ['pool!=a100', { pool: 'h100' }, true],
    ['pool!=a100', {}, true],
    ['zone in (a, b)', { zone: 'b' }, true],
    ['zone in (a, b)', {}, false],
    ['zone notin (a,b)', { zone: 'c' }, true],
    ['zone notin (a,b)', {}, true],
    ['nvidia.com/gpu.present', { 'nvidia.com/gpu.present': 'true' }, true],
    ['!spot', { spot: '' }, false],
    ['!spot', {}, true],
    ['pool=a100,zone in (a,b),!spot', { pool: 'a100', zone: 'a' }, true],
    ['pool=a100,zone in (a,b),!spot', { pool: 'a100', zone: 'a', spot: '1' }, false],
  ])('%s on %o: %s, as kubectl has it', (text, labels, expected) => {
    expect(selectsText(text, labels)).toBe(expected);
  });

  it.each(['', 'a b', 'zone in a', 'pool=a=b', 'zone in (a', '=a', 'pool=a,,zone=b'])('%o is refused', (text) => {
    expect(() => parseSelector(text)).toThrow(SelectorError);
  });

  it('and its negation never agree where the key is there', () => {
    const word = fc.stringMatching(/^[a-z]{1,3}$/);
    fc.assert(
      fc.property(word, fc.array(word, { minLength: 1, maxLength: 4 }), word, (key, values, value) => {
        const set = `(${values.join(', ')})`;
        const labels = { [key]: value };
        expect(selectsText(`${key} in ${set}`, labels)).toBe(values.includes(value));
        expect(selectsText(`${key} notin ${set}`, labels)).toBe(!values.includes(value));
      }),
    );
  });
});
