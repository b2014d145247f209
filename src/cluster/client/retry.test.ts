import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryAfterMs } from './errors.js';
import { pauseMs } from './retry.js';

it('pauses a random share of a bound that doubles and has an end, after what the server asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.nat(5000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, asked, r) => {
        const bound = Math.min(20_000, 250 * 2 ** (n - 1));
        const pause = pauseMs(n, {}, asked, r);
        expect(pause).toBeGreaterThanOrEqual(asked);
        expect(pause).toBeLessThanOrEqual(asked + bound);
      },
    ),
  );
});

it('reads Retry-After in seconds and as a date, and does not wait longer than a minute', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  expect(retryAfterMs('2', now)).toBe(2000);
  expect(retryAfterMs('Fri, 02 Jan 2026 03:04:15 GMT', now)).toBe(10_000);
  expect(retryAfterMs('86400', now)).toBe(60_000);
  expect(retryAfterMs(undefined, now)).toBeUndefined();
  expect(retryAfterMs('soon', now)).toBeUndefined();
});
