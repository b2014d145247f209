import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerCsv, answerJson, answerText } from './answer-text.js';
import { historyLines } from './changes.js';
import { changeText, historyCsv, historyText } from './history-text.js';
import { textTable } from './text.js';

describe('a table for people', () => {
  it('stays within the width as long as its columns may be cut', () => {
    const word = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'b', 'ü', '-') });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, word), { minLength: 1 }),
        fc.integer({ min: 20, max: 120 }),
        (rows, width) => {
          const lines = textTable(
            [
              { head: 'one', least: 8 },
              { head: 'two', least: 8 },
            ],
            rows,
            width,
          )
            .trimEnd()
            .split('\n');
          expect(lines).toHaveLength(rows.length + 1);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('shows text on one line, whatever is in it', () => {
    expect(textTable([{ head: 'a' }], [['x\ny\u001b[31m']])).toBe('a\nx y\ufffd[31m\n');
  });
});

describe('an answer', () => {
  const answer = {
    columns: ['name', 'us'],
    rows: [
      ['a,"b"', 1234.56789],
      [null, 2],
    ],
  };
  it('has its numbers on the right, its count below', () => {
    expect(answerText(answer, 80)).toBe('name         us\na,"b"  1234.568\n              2\n(2 rows)\n');
  });
  it('is whole as CSV and JSON', () => {
    expect(answerCsv(answer)).toBe('name,us\r\n"a,""b""",1234.56789\r\n,2\r\n');
    expect(JSON.parse(answerJson(answer))).toEqual([
      { name: 'a,"b"', us: 1234.56789 },
      { name: null, us: 2 },
    ]);
  });
});

describe('a history', () => {
  const cells = [{ variant: 'tf', batch: 32, concurrency: 1, valuesUs: [100.4], repeats: [1], medianUs: 100.4 }];
  const run = {
    run: 'a',
    spec: 's',
    specHash: 'abc',
    hardware: 'A100',
    withoutGpu: false,
    expected: 3,
    measured: 3,
    variants: ['tf'],
  };
  const lines = historyLines([
    { ...run, createdAt: '2026-01-02T03:04:05.000Z', cells },
    {
      ...run,
      run: 'b',
      createdAt: '2026-01-03T03:04:05.000Z',
      cells: [{ ...cells[0], medianUs: 110.4 } as (typeof cells)[0]],
    },
    { ...run, run: 'c', createdAt: null, specHash: null, hardware: null, expected: null, measured: null, cells: [] },
  ]);
  it('is a line a run, with the cell in the heading where all have the same', () => {
    expect(historyText(lines, 120)).toMatchInlineSnapshot(`
      "run  date (UTC)        spec  hardware  measured  tf b32, us   change  all cells  verdict
      c    -                 s     -                -           -        -          -  -
      a    2026-01-02 03:04  s     A100           3/3         100        -          -  -
      b    2026-01-03 03:04  s     A100           3/3         110  +10.0 %    +10.0 %  inconclusive
      "
    `);
  });
  it('is unrounded as CSV', () => {
    const [, , , last] = historyCsv(lines).trimEnd().split('\r\n');
    expect(last).toBe(
      `b,2026-01-03T03:04:05.000Z,s,abc,A100,3,3,a,tf-b32-c1,110.4,${110.4 / 100.4},${Math.exp(Math.log(110.4 / 100.4))},inconclusive`,
    );
  });
  it('rounds no change to a signed zero', () => {
    expect([null, 1, 1.00001, 0.99999, 0.95, 1.1].map(changeText)).toEqual([
      '-',
      '0.0 %',
      '0.0 %',
      '0.0 %',
      '-5.0 %',
      '+10.0 %',
    ]);
  });
});
