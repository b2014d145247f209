import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyModel } from '../../test/fixtures/published/arbitrary-model.js';
import { publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { terminalTable } from './terminal.js';

const published = publishedModel('2025-01-02T03:04:05Z');

describe('the table for a terminal', () => {
  it('fits 100 columns for four variants, with every number of the page', () => {
    const lines = terminalTable(published).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.some((line) => /^ +1024 +1911 +849 +604 +534 +3\.58$/.test(line))).toBe(true);
    expect(lines.some((line) => /^ +131072 +213990 +29374 +25440 +19340 +11\.06$/.test(line))).toBe(true);
  });

  it('fits 80 columns when asked to', () => {
    const table = terminalTable(published, { width: 80 }).split('\n\n')[0] ?? '';
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(table).toMatch(/213990 +29374 +25440 +19340 +11\.06/);
  });

  it('prints what is missing and why', () => {
    const text = terminalTable(incompleteModel());
    expect(text).toMatch(/^ +131072 +- +29374 +25440 +- +-$/m);
    expect(text).toContain('44 measurements expected: 39 measured, 1 invalid, 1 failed, 3 missing.');
    expect(text).toContain(
      '- Native TF at batch 131072: no valid measurement (failed: perf_analyzer left with exit code 99',
    );
  });

  it('says that a run without HPS is one', () => {
    expect(terminalTable(localModel())).toContain('No deployment in this run uses HPS');
    expect(terminalTable(published)).not.toContain('No deployment in this run uses HPS');
  });

  it('uses colours only when asked to', () => {
    expect(terminalTable(incompleteModel())).not.toContain('\u001b');
    expect(terminalTable(incompleteModel(), { colors: true })).toContain('\u001b[');
  });

  it('lets no control sequence of a label or reason through to the terminal', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(terminalTable(model)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });
});
