import fc from 'fast-check';
import { describe, it } from 'vitest';
import { CLAIMS } from '../../test/fixtures/perf-analyzer/mutations.js';

/** Mutations in all; `npm run test:reader-fuzz` makes 100,000. */
const MUTATIONS = 1_000;

describe('the reader', () => {
  it.each(CLAIMS)('$name', { timeout: 120_000 }, async ({ property, share }) => {
    await fc.assert(property, { numRuns: MUTATIONS * share });
  });
});
