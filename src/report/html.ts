import { createHash } from 'node:crypto';
import { anchorNotes, anchorTable } from './anchor-table.js';
import { coldTable, tailTable, throughputTable } from './client-tables.js';
import { ledgerTable, parityTable } from './details.js';
import { escapeHtml } from './escape.js';
import { figureSvg } from './figure.js';
import { header } from './html-header.js';
import { SORT_SCRIPT } from './html-script.js';
import { PAGE_STYLE } from './html-style.js';
import { cards, environmentTable, pageTable, plainTable, scroller } from './html-table.js';
import type { ReportModel } from './model.js';
import { perSampleTable } from './per-sample-table.js';
import type { PlainTable } from './plain-table.js';
import { spreadTable } from './spread-table.js';
import { summarise, type ReportSummary } from './summary.js';
import { checkTable, reasonTable, validitySentences } from './validity-tables.js';
import { verdictTable } from './verdict-table.js';
import * as wording from './wording.js';

/** Files that {@link reportHtml} links to, beside the page. */
const FILES = ['report.md', 'report.csv', 'cells.csv', 'report.json', 'figure1.svg', 'figure1.png'];

/**
 * The whole report as one page that needs nothing else: style, script and figure are inside, and its policy forbids it to load
 * or send anything. Every text of the model is escaped.
 */
export function reportHtml(model: ReportModel): string {
  const summary = summarise(model);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${sha256(SORT_SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(model.title)} - ${escapeHtml(model.runId)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...header(model, summary),
    ...results(model, summary),
    ...figure(model, summary),
    ...details('Median and spread of every cell', spreadTable(summary)),
    ...details('Every cell against the published page', verdictTable(model, summary)),
    ...section('per-sample', 'Cost of a sample', [], [perSampleTable(model, summary)]),
    ...section('client', 'Seen by the client', [], [throughputTable(summary), coldTable(summary)]),
    ...details('Latency of a request at the client', tailTable(summary)),
    ...section('validity', 'Validity', validity(model), [reasonTable(model), checkTable(model), ledgerTable(model)]),
    ...section('parity', 'Parity of the scores', [], [parityTable(model)]),
    ...section('anchors', 'Published elsewhere', [], [anchorTable(model, summary)], anchorNotes(model)),
    ...section('environment', 'Environment', [], [], [], environmentTable(model)),
    ...section('notes', 'Notes', [], [], model.notes),
    ...files(model),
    '</main>',
    `<script>${SORT_SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function results(model: ReportModel, summary: ReportSummary): string[] {
  const about = `${wording.metricSentence(model, summary)} ${wording.speedUpSentence(summary)}`;
  const content = [pageTable(model, summary), list(wording.footnotes(summary)), cards(model)].join('\n');
  return section('results', 'Results', [about], [], [], content);
}

function figure(model: ReportModel, summary: ReportSummary): string[] {
  const bars = wording.barsSentence(summary);
  return [
    '<figure>',
    scroller('Figure 1', figureSvg(model).trimEnd()),
    `<figcaption>${[wording.FIGURE_CAPTION, ...(bars === undefined ? [] : [bars])].map(escapeHtml).join('<br>')}</figcaption>`,
    '</figure>',
  ];
}

/** Completeness is part of validity: what is not there at all counts as little as what is invalid. */
function validity(model: ReportModel): string[] {
  return [wording.ledgerSentence(model), ...validitySentences(model)];
}

/** A section with sentences, tables, a list and other content, in this order; nothing where all of it is empty. */
function section(
  id: string,
  heading: string,
  sentences: readonly string[],
  tables: readonly (PlainTable | undefined)[],
  notes: readonly string[] = [],
  content = '',
): string[] {
  const parts = [
    ...sentences.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...tables.flatMap((table) => (table === undefined ? [] : [plainTable(table)])),
    list(notes),
    content,
  ].filter((part) => part !== '');
  if (parts.length === 0) return [];
  return [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${heading}</h2>`, ...parts, '</section>'];
}

function list(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `<ul class="footnotes">${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

function details(heading: string, table: PlainTable | undefined): string[] {
  if (table === undefined) return [];
  return [`<details><summary>${heading}</summary>`, plainTable(table), '</details>'];
}

/** Published numbers have no records of ours to link to. */
function files(model: ReportModel): string[] {
  const names = model.published === true ? FILES : [...FILES, 'records.ndjson'];
  const links = names.map((name) => `<li><a href="${name}">${name}</a></li>`);
  return [
    '<nav aria-label="Files of this report">',
    '<h2>Files</h2>',
    `<ul class="files">${links.join('')}</ul>`,
    '</nav>',
  ];
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
