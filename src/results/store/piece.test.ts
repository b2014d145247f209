import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from './line.js';
import { digestOf, isSame, oneString, pieceOf, textOf } from './piece.js';

it('gives back what was put into it, and tells two apart by the digest alone', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (one, other, text) => {
      const piece = pieceOf(sha256(one), sha256(text));
      expect(digestOf(piece)).toBe(sha256(one).slice(0, 32));
      expect(textOf(piece)).toBe(sha256(text));
      expect(isSame(piece, pieceOf(sha256(other), sha256(text)))).toBe(one === other);
    }),
  );
  expect(textOf(pieceOf(sha256('a'), ''))).toBe('');
});

it('has one string for a name', () => {
  const name = (): string => ['native_tf', 'b32'].join('-');
  expect(Object.is(oneString(name()), oneString(name()))).toBe(true);
});
