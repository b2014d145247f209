import { describe, expect, it } from 'vitest';
import { recordsFor, steady } from '../../test/fixtures/compare/records.js';
import { publishedLatency } from '../dlrm/published.js';
import { loadSpec } from '../spec/index.js';
import { compareRuns, type Options } from './compare.js';
import type { Comparison } from './comparison.js';
import { jsonComparison } from './json.js';
import { markdownComparison } from './markdown.js';
import { resultSet } from './result-set.js';
import { terminalComparison } from './terminal.js';

const spec = loadSpec({ preset: 'a100-page' });
const options: Options = { margin: 0.05, alpha: 0.005, allow: ['hardware'] };

/** A slower by a factor in one cell, on a GPU of that name. */
function comparison(factor: number, gpu = 'A100-SXM4-80GB', relativeTo?: string): Comparison {
  const side = (name: string, by: number, gpu_product: string) => {
    const records = recordsFor(spec, {
      runId: name,
      environment: { gpu_product, image: 'image:1' },
      microseconds: ({ variant, batch, repeat }) =>
        (publishedLatency(variant, batch)?.microseconds ?? NaN) *
        steady(repeat) *
        (variant === 'native_tf' && batch === 256 ? by : 1),
    });
    return resultSet(name, records, { spec });
  };
  return compareRuns(side('after', factor, gpu), side('before', 1, 'A100-SXM4-80GB'), { ...options, relativeTo });
}

/** What a reader sees before unfolding anything. */
const unfolded = (markdown: string) => markdown.replaceAll(/<details>[\s\S]*?<\/details>/g, '');

describe('Markdown for a pull request', () => {
  it('shows verdict and the cells that differ, and folds the rest', () => {
    const markdown = markdownComparison(comparison(1.3));
    const top = unfolded(markdown);
    expect(top).toContain('**hps-bench compare: regressed** (1 regressed, 43 same of 44 cells)');
    expect(top.split('\n').filter((line) => line.startsWith('| 256 | Native TF |'))).toHaveLength(1);
    expect(top.split('\n').filter((line) => line !== '')).toHaveLength(4);
    expect(markdown).toContain('<details><summary>All cells (44)</summary>\n\n| Batch |');
  });

  it('is one line above the folds where all is the same', () => {
    expect(unfolded(markdownComparison(comparison(1))).trim()).toBe(
      '**hps-bench compare: same** (all 44 cells are within 5 % of the reference)',
    );
  });

  it('never folds what differs although it was compared', () => {
    expect(unfolded(markdownComparison(comparison(1, 'H200')))).toContain(
      '> **Compared although it differs:**\n> - hardware: A: H200; B: A100-SXM4-80GB',
    );
  });

  it('lets no text of a run become Markdown', () => {
    const hostile = { ...comparison(1), notes: ['node: <b>|</b> `x`'] };
    expect(markdownComparison(hostile)).toContain('- node: &lt;b&gt;\\|&lt;/b&gt; \\`x\\`');
  });
});

describe('the terminal', () => {
  it('has a line a cell and ends with verdict and sentence', () => {
    const lines = terminalComparison(comparison(1.3)).trimEnd().split('\n');
    expect(lines.filter((line) => / (same|regressed) /.test(line) && /^ *\d/.test(line))).toHaveLength(44);
    expect(lines.find((line) => /^ +256 +Native TF/.test(line))).toMatch(
      /1\.300 +1\.\d+ to 1\.\d+ +10 \/ 10 +regressed +-$/,
    );
    expect(lines.at(-1)).toBe('regressed: 1 regressed, 43 same of 44 cells');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('uses colours only when asked to', () => {
    expect(terminalComparison(comparison(1))).not.toContain('\u001b');
    expect(terminalComparison(comparison(1), { colors: true })).toContain('\u001b');
  });
});

describe('a comparison relative to a variant', () => {
  const relative = comparison(1.3, 'A100-SXM4-80GB', 'tf_with_hps');

  it('says so over the ratios, and what it cannot see', () => {
    const text = terminalComparison(relative);
    expect(text).toContain('Ratio to TF with HPS');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('What slows all alike is not seen');
    expect(markdownComparison(relative)).toContain('| Ratio to TF with HPS |');
    expect(JSON.parse(jsonComparison(relative))).toMatchObject({ relativeTo: 'tf_with_hps', verdict: 'regressed' });
  });

  it('leaves that variant out of the cells and in the speed-ups', () => {
    expect(relative.cells.map(({ variant }) => variant)).not.toContain('tf_with_hps');
    expect(relative.speedUps).toHaveLength(11);
  });
});

describe('JSON', () => {
  it('has every cell, the sentence and the exit code', () => {
    const document = JSON.parse(jsonComparison(comparison(1.3))) as Record<string, unknown> & { cells: unknown[] };
    expect(document).toMatchObject({
      ...{ schema: 'hps-bench/comparison/1', verdict: 'regressed', exitCode: 1, reproduction: null },
      sentence: '1 regressed, 43 same of 44 cells',
    });
    expect(document.cells).toHaveLength(44);
  });
});
