import { expect, it } from 'vitest';
import { fullModel } from '../../test/fixtures/published/full-model.js';
import { incompleteModel } from '../../test/fixtures/published/sample-models.js';
import { cellsCsv } from './cells-csv.js';
import type { ReportModel } from './model.js';

/** Fields of the models below hold no comma, quote or line break but in `reasons`, which is last. */
function table(model: ReportModel): Record<string, string>[] {
  const [head = '', ...lines] = cellsCsv(model).trimEnd().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, index) => [names[index] ?? '', field])));
}

it('has one line a cell, with interval, verdict and what a sample costs', () => {
  const rows = table(fullModel());
  expect(rows).toHaveLength(44);
  expect(rows[0]).toMatchObject({
    ...{ variant: 'native_tf', batch: '32', n: '10', spread: 'interval', level: '0.978515625' },
    ...{ published_us: '551', verdict: 'reproduced', p99_allowed: 'true', environment: 'invalid' },
  });
  // Factors 0.992 and 1.006 are second and ninth of ten.
  expect(Number(rows[0]?.['low_us'])).toBeCloseTo(551 * 0.992, 9);
  expect(Number(rows[0]?.['high_us'])).toBeCloseTo(551 * 1.006, 9);
  expect(new Set(rows.filter(({ variant }) => variant === 'native_tf').map((row) => row['ns_per_sample'])).size).toBe(
    1,
  );
  expect(Number(rows[0]?.['ns_per_sample'])).toBeCloseTo(1576.3, 0);
});

it('keeps a line for a cell that was not measured, with the reason and no numbers', () => {
  const row = table(incompleteModel()).find(({ variant, batch }) => variant === 'tf_with_hps' && batch === '32');
  expect(row).toMatchObject({ n: '0', median_us: '', low_us: '', verdict: '', published_us: '' });
  expect(row?.['reasons']).toContain('the log of the server holds an HPS error');
});
