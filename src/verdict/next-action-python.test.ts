import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextAction, publishedReference, sequentialTable, type CellReference } from './index.js';

// Programs in containers have Python's standard library alone: fifty lines of it give the same answers from the table.
it('has the same answers in plain Python, from the table as JSON', () => {
  const python = fileURLToPath(new URL('../../test/support/next_action.py', import.meta.url));
  const run: CellReference = { logMean: Math.log(1000), repeats: 10, deviation: 0.02, degreesOfFreedom: 90 };
  const references = [run, { ...run, deviation: 0.035 }, { ...run, deviation: 0.06 }, publishedReference(1000)];
  const tables = new Map(references.map((reference) => [reference, sequentialTable(reference)]));
  const cases = fc.sample(
    fc.record({
      reference: fc.constantFrom(...references),
      values: fc
        .tuple(
          fc.constantFrom(1, 0.95, 1.06, 1.2),
          fc.array(fc.double({ min: 950, max: 1050, noNaN: true }), { minLength: 1, maxLength: 16 }),
        )
        .map(([factor, values]) => values.map((value) => value * factor)),
    }),
    { numRuns: 600, seed: 8 },
  );
  const lines = cases.map(({ values, reference }) =>
    JSON.stringify({ values, reference, table: tables.get(reference) }),
  );
  const answers = execFileSync('python3', [python], { input: lines.join('\n'), encoding: 'utf8' })
    .trim()
    .split('\n');
  const expected = cases.map(({ values, reference }) => nextAction(values, reference, sequentialTable(reference)));
  expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual(expected);
  const kinds = new Set(expected.map((action) => (action.action === 'stop' ? action.verdict : 'continue')));
  expect([...kinds].sort()).toEqual(['continue', 'improved', 'inconclusive', 'regressed', 'reproduced', 'same']);
});
