import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UnitBook } from './unit-book.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const piece = fc.record({ key: fc.string({ minLength: 1 }), text: fc.string() });

it('has the same digest in whatever order and however often its evidence came', () => {
  const pieces = fc.uniqueArray(piece, { selector: ({ key }) => key });
  fc.assert(
    fc.property(pieces, fc.array(fc.nat()), (all, again) => {
      const [one, two] = [new UnitBook(), new UnitBook()];
      const add = (book: UnitBook, { key, text }: { key: string; text: string }): string =>
        book.add(key, sha256(`${key} ${text}`), sha256(text), 'here');
      for (const each of all) expect(add(one, each)).toBe('new');
      for (const each of [...all].reverse()) add(two, each);
      for (const n of again) {
        const each = all[n % Math.max(1, all.length)];
        if (each !== undefined) expect(add(two, each)).toBe('same');
      }
      expect(two.digest()).toBe(one.digest());
      expect(two.matches({ evidence: all.length, digest: one.digest() })).toBe(true);
      expect(two.contradictions.size).toBe(0);
    }),
  );
});

it('keeps both of two pieces that contradict each other, and says so once', () => {
  const book = new UnitBook();
  book.add('a.a1', sha256('1'), sha256('t'), 'the log');
  expect(book.add('a.a1', sha256('2'), sha256('t'), 'the volume')).toBe('new');
  expect(book.add('a.a1', sha256('2'), sha256('t'), 'the volume')).toBe('same');
  expect([...book.contradictions]).toEqual([expect.stringContaining('a.a1: the volume has other evidence')]);
});

it('covers a measurement of which any attempt is there', () => {
  const book = new UnitBook();
  book.add('native_tf-b32-c1-r1.a2', sha256('1'), sha256('t'), 'the log');
  expect(book.covers(['native_tf-b32-c1-r1'])).toBe(true);
  expect(book.covers(['native_tf-b32-c1-r1', 'native_tf-b32-c1-r10'])).toBe(false);
});
