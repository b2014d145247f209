import { createHash } from 'node:crypto';
import { clientTable, ledgerTable, parityTable, spreadTable, type PlainTable } from './details.js';
import { escapeHtml } from './escape.js';
import { figureSvg } from './figure.js';
import { SORT_SCRIPT } from './html-script.js';
import { PAGE_STYLE } from './html-style.js';
import { cards, pageTable, plainTable, scroller } from './html-table.js';
import type { ReportModel } from './model.js';
import { summarise, type ReportSummary } from './summary.js';
import * as wording from './wording.js';

/** Files that {@link reportHtml} links to, beside the page. */
const FILES = ['report.md', 'report.csv', 'report.json', 'figure1.svg', 'figure1.png'];

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
    ...figure(model),
    ...details('Spread over the repeats', spreadTable(summary)),
    ...details('Seen by the client', clientTable(summary)),
    ...completeness(model),
    ...section('parity', 'Parity of the scores', parityTable(model)),
    ...environment(model),
    ...notes(model),
    ...files(model),
    '</main>',
    `<script>${SORT_SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function header(model: ReportModel, summary: ReportSummary): string[] {
  const facts: [string, string][] = [
    ['Run', model.runId],
    ['Specification', model.specHash],
    ['Generated', model.generatedAt],
    ['Concurrency', String(model.concurrency)],
    ['Measured', `${model.ledger.measured} of ${model.ledger.expected}`],
  ];
  const banners = [wording.publishedSentence(model), wording.noHpsSentence(model, summary)].filter(
    (text) => text !== undefined,
  );
  return [
    '<header>',
    `<h1>${escapeHtml(model.title)}</h1>`,
    `<dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${short(value)}</dd></div>`).join('')}</dl>`,
    ...(wording.isComplete(model)
      ? []
      : [`<p class="banner warning"><strong>Incomplete.</strong> ${escapeHtml(wording.ledgerSentence(model))}</p>`]),
    ...banners.map((text) => `<p class="banner">${escapeHtml(text)}</p>`),
    '</header>',
  ];
}

function results(model: ReportModel, summary: ReportSummary): string[] {
  const footnotes = wording.footnotes(summary);
  return [
    '<section aria-labelledby="results">',
    '<h2 id="results">Results</h2>',
    `<p>${escapeHtml(wording.metricSentence(model, summary))} ${escapeHtml(wording.speedUpSentence(summary))}</p>`,
    pageTable(model, summary),
    ...(footnotes.length > 0
      ? [`<ul class="footnotes">${footnotes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`]
      : []),
    cards(model),
    '</section>',
  ];
}

function figure(model: ReportModel): string[] {
  return [
    '<figure>',
    scroller('Figure 1', figureSvg(model).trimEnd()),
    `<figcaption>${wording.FIGURE_CAPTION}</figcaption>`,
    '</figure>',
  ];
}

function completeness(model: ReportModel): string[] {
  const table = ledgerTable(model);
  return [
    '<section aria-labelledby="completeness">',
    '<h2 id="completeness">Completeness</h2>',
    `<p>${escapeHtml(wording.ledgerSentence(model))}</p>`,
    ...(table === undefined ? [] : [plainTable(table)]),
    '</section>',
  ];
}

function section(id: string, heading: string, table: PlainTable | undefined): string[] {
  if (table === undefined) return [];
  return [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${heading}</h2>`, plainTable(table), '</section>'];
}

function details(heading: string, table: PlainTable | undefined): string[] {
  if (table === undefined) return [];
  return [`<details><summary>${heading}</summary>`, plainTable(table), '</details>'];
}

function environment(model: ReportModel): string[] {
  if (model.environment.length === 0) return [];
  const rows = model.environment.map(
    ({ name, value }) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    '<section aria-labelledby="environment">',
    '<h2 id="environment">Environment</h2>',
    `<table class="words"><caption>Where the numbers come from.</caption><tbody>${rows.join('\n')}</tbody></table>`,
    '</section>',
  ];
}

function notes(model: ReportModel): string[] {
  if (model.notes.length === 0) return [];
  const items = model.notes.map((note) => `<li>${escapeHtml(note)}</li>`);
  return ['<section aria-labelledby="notes">', '<h2 id="notes">Notes</h2>', `<ul>${items.join('')}</ul>`, '</section>'];
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

/** A long digest is cut to what tells runs apart; the whole one is in its tooltip and in report.json. */
function short(value: string): string {
  if (!/^(?:sha256:)?[0-9a-f]{40,}$/.test(value)) return escapeHtml(value);
  return `<span title="${escapeHtml(value)}">${escapeHtml(value.replace(/^sha256:/, '').slice(0, 12))}</span>`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
