import { escapeHtml } from './escape.js';
import type { ReportModel } from './model.js';
import type { ReportSummary } from './summary.js';
import * as wording from './wording.js';

/** Title, facts of the run, and what a reader must know before the first number. */
export function header(model: ReportModel, summary: ReportSummary): string[] {
  const facts: [string, string][] = [
    ['Run', model.runId],
    ['Specification', model.specHash],
    ['Generated', model.generatedAt],
    ['Concurrency', String(model.concurrency)],
    ['Measured', `${model.ledger.measured} of ${model.ledger.expected}`],
    ...(model.verdict === undefined ? [] : [['Verdict', model.verdict.overall] as [string, string]]),
  ];
  return [
    '<header>',
    `<h1>${escapeHtml(model.title)}</h1>`,
    `<dl class="facts">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${short(value)}</dd></div>`).join('')}</dl>`,
    ...warnings(model).map(
      ([what, text]) => `<p class="banner warning"><strong>${what}</strong> ${escapeHtml(text)}</p>`,
    ),
    ...banners(model, summary).map((text) => `<p class="banner">${escapeHtml(text)}</p>`),
    '</header>',
  ];
}

function warnings(model: ReportModel): [what: string, text: string][] {
  const changed = wording.changedSentence(model);
  const canary = wording.canaryWarning(model);
  return [
    ...(wording.isComplete(model) ? [] : [['Incomplete.', wording.ledgerSentence(model)] as [string, string]]),
    ...(canary === undefined ? [] : [['Environment invalid:', canary] as [string, string]]),
    ...(changed === undefined ? [] : [['Changed during the run.', changed] as [string, string]]),
  ];
}

function banners(model: ReportModel, summary: ReportSummary): string[] {
  return [
    wording.publishedSentence(model),
    wording.verdictSentence(model),
    wording.noHpsSentence(model, summary),
  ].filter((text) => text !== undefined);
}

/** A long digest is cut to what tells runs apart; the whole one is in its tooltip and in report.json. */
function short(value: string): string {
  if (!/^(?:sha256:)?[0-9a-f]{40,}$/.test(value)) return escapeHtml(value);
  return `<span title="${escapeHtml(value)}">${escapeHtml(value.replace(/^sha256:/, '').slice(0, 12))}</span>`;
}
