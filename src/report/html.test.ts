import { createHash } from 'node:crypto';
import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyModel } from '../../test/fixtures/published/arbitrary-model.js';
import { publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { figureSvg } from './figure.js';
import { SORT_SCRIPT } from './html-script.js';
import { reportHtml } from './html.js';
import type { ReportModel } from './model.js';

const published = publishedModel('2025-01-02T03:04:05Z');

/** The tags of a page with the names of their attributes, without the figure: what must not depend on any text. */
function skeleton(html: string): string[] {
  const page = html.replace(/<svg .*<\/svg>/s, '');
  return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/="[^"]*"/g, ''));
}

/** The same model with harmless text wherever text is free. */
function harmless(model: ReportModel): ReportModel {
  const text = (value: string) => (value === '' ? '' : 'text');
  return {
    ...model,
    ...{
      title: 'text',
      runId: 'text',
      specHash: 'text',
      notes: ['text'],
      environment: [{ name: 'text', value: 'text' }],
    },
    variants: model.variants.map((variant) => ({ ...variant, label: 'text', note: text(variant.note ?? '') })),
    ledger: {
      ...model.ledger,
      entries: model.ledger.entries.map((entry) => ({ ...entry, reasons: entry.reasons.map(text) })),
    },
  };
}

describe('the HTML report', () => {
  it('shows the published table, sortable, with the batch as the heading of its row', () => {
    const html = reportHtml(published);
    expect(html).toContain(
      '<tr><th scope="row" data-value="1024">1024</th><td data-value="1911">1911</td><td data-value="849">849</td>',
    );
    expect(html).toContain('<td class="speedup" data-value="3.58">3.58</td></tr>');
    expect(html.match(/<th scope="col" aria-sort="(?:ascending|none)"><button type="button">/g)).toHaveLength(6);
    expect(html).toContain(
      '<caption><span>Per-batch forward latency at the server (compute infer), in microseconds</span></caption>',
    );
  });

  it('holds the figure with its caption and needs nothing from elsewhere', () => {
    const html = reportHtml(localModel());
    expect(html).toContain(figureSvg(localModel()).trimEnd());
    expect(html).toContain('<figcaption>Figure 1. The DLRM inference latency.<br>Bars: smallest to largest repeat;');
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|url\(|@import|<link|<img|<iframe| src=/,
    );
  });

  it('allows no script but its own', () => {
    const html = reportHtml(published);
    const script = /<script>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(html).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/ on\w+=/);
  });

  it('says at the top when measurements are missing, and why below', () => {
    const html = reportHtml(incompleteModel());
    expect(html).toContain(
      '<strong>Incomplete.</strong> 44 measurements expected: 39 measured, 1 invalid, 1 failed, 3 missing.',
    );
    expect(html).toContain(
      '<td class="missing" title="failed: perf_analyzer left with exit code 99; server closed the connection">-</td>',
    );
    expect(html).toContain('<td class="speedup missing">-</td>');
    expect(reportHtml(published)).not.toContain('Incomplete.');
  });

  it('says when no deployment uses HPS, and marks each column', () => {
    const html = reportHtml(localModel());
    expect(html).toContain('No deployment in this run uses HPS');
    expect(html.match(/without HPS<\/span>/g)).toHaveLength(4);
    expect(html).not.toContain('<span class="tag hps">');
  });

  it('links to the files beside it, and to records only when there are some', () => {
    const names = (html: string) => [...html.matchAll(/<a href="([^"]*)"/g)].map((match) => match[1]);
    const files = ['report.md', 'report.csv', 'cells.csv', 'report.json', 'figure1.svg', 'figure1.png'];
    expect(names(reportHtml(published))).toEqual(files);
    expect(names(reportHtml(localModel()))).toEqual([...files, 'records.ndjson']);
  });

  it('cuts a long digest for reading and keeps the whole', () => {
    expect(reportHtml(localModel())).toContain(`<span title="${'a'.repeat(64)}">${'a'.repeat(12)}</span>`);
  });

  it('has the same tags and attributes whatever the texts of the model hold', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(skeleton(reportHtml(model))).toEqual(skeleton(reportHtml(harmless(model))));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the script that sorts', () => {
  /** As much of a document as the script touches: a table with one column of values, one of which is missing. */
  function press(
    values: (string | undefined)[],
    times: number,
  ): { order: (string | undefined)[]; sort: string | undefined } {
    const attributes = new Map([['aria-sort', 'none']]);
    let listener: (() => void) | undefined;
    const head = {
      querySelector: () => ({ addEventListener: (_: string, run: () => void) => void (listener = run) }),
      getAttribute: (name: string) => attributes.get(name),
      setAttribute: (name: string, value: string) => attributes.set(name, value),
    };
    const body = {
      rows: values.map((value) => ({ cells: [{ dataset: { value } }] })),
      append: (...rows: { cells: { dataset: { value: string | undefined } }[] }[]) =>
        void (body.rows = rows as typeof body.rows),
    };
    const table = { tHead: { rows: [{ cells: [head] }] }, tBodies: [body] };
    vm.runInNewContext(SORT_SCRIPT, { document: { querySelectorAll: () => [table] } });
    for (let time = 0; time < times; time += 1) listener?.();
    return { order: body.rows.map((row) => row.cells[0]?.dataset.value), sort: attributes.get('aria-sort') };
  }

  it('sorts by number, turns the order on the next press, and keeps missing values last in both', () => {
    const values = ['100', undefined, '9', '20.5'];
    expect(press(values, 1)).toEqual({ order: ['9', '20.5', '100', undefined], sort: 'ascending' });
    expect(press(values, 2)).toEqual({ order: ['100', '20.5', '9', undefined], sort: 'descending' });
  });
});
