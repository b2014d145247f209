import { clientTable, ledgerTable, parityTable, type PlainTable } from './details.js';
import { escapeMarkdown, escapeMarkdownLine } from './escape.js';
import { markdownTable, plainTableLines } from './markdown-table.js';
import type { ReportModel } from './model.js';
import { summarise, type ReportSummary } from './summary.js';
import {
  FIGURE_CAPTION,
  ledgerSentence,
  metricSentence,
  publishedSentence,
  speedUpSentence,
  variantSentence,
} from './wording.js';

/** The whole report as one Markdown file that refers to figure1.svg beside it. Ends in a line feed. */
export function reportMarkdown(model: ReportModel): string {
  const summary = summarise(model);
  const blocks = [
    `# ${escapeMarkdownLine(model.title)}`,
    identity(model),
    ...[publishedSentence(model)].filter((text) => text !== undefined).map(escapeMarkdownLine),
    ...compared(model, summary),
    '## Results',
    markdownTable(model).trimEnd(),
    `![${escapeMarkdown(FIGURE_CAPTION)}](figure1.svg)`,
    escapeMarkdown(FIGURE_CAPTION),
    ...section('Seen by the client', clientTable(summary)),
    '## Completeness',
    escapeMarkdownLine(ledgerSentence(model)),
    ...section(undefined, ledgerTable(model)),
    ...section('Parity of the scores', parityTable(model)),
    ...environment(model),
    ...(model.notes.length > 0 ? ['## Notes', bullets(model.notes)] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function identity(model: ReportModel): string {
  return bullets([
    `Run: ${model.runId}`,
    `Specification: ${model.specHash}`,
    `Report generated: ${model.generatedAt}`,
    `Completeness: ${model.ledger.measured} of ${model.ledger.expected} measurements`,
  ]);
}

function compared(model: ReportModel, summary: ReportSummary): string[] {
  return [
    '## What was compared',
    bullets(model.variants.map(variantSentence)),
    escapeMarkdownLine(metricSentence(model, summary)),
    escapeMarkdownLine(speedUpSentence(summary)),
  ];
}

function section(heading: string | undefined, table: PlainTable | undefined): string[] {
  if (table === undefined) return [];
  const lines = plainTableLines(table).join('\n');
  return heading === undefined ? [lines] : [`## ${heading}`, lines];
}

function environment(model: ReportModel): string[] {
  if (model.environment.length === 0) return [];
  const rows = model.environment.map(({ name, value }) => `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)} |`);
  return ['## Environment', ['| Name | Value |', '| :--- | :--- |', ...rows].join('\n')];
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => `- ${escapeMarkdownLine(text)}`).join('\n');
}
