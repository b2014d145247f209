import { anchorNotes, anchorTable } from './anchor-table.js';
import { coldTable, tailTable, throughputTable } from './client-tables.js';
import { ledgerTable, parityTable } from './details.js';
import { escapeMarkdown, escapeMarkdownLine } from './escape.js';
import { markdownTable, plainTableLines } from './markdown-table.js';
import type { ReportModel } from './model.js';
import { perSampleTable } from './per-sample-table.js';
import type { PlainTable } from './plain-table.js';
import { summarise, type ReportSummary } from './summary.js';
import { checkTable, reasonTable, validitySentences } from './validity-tables.js';
import { verdictTable } from './verdict-table.js';
import * as wording from './wording.js';

/** The whole report as one Markdown file that refers to figure1.svg beside it. Ends in a line feed. */
export function reportMarkdown(model: ReportModel): string {
  const summary = summarise(model);
  const bars = wording.barsSentence(summary);
  const blocks = [
    `# ${escapeMarkdownLine(model.title)}`,
    identity(model),
    ...[
      wording.publishedSentence(model),
      wording.verdictSentence(model),
      wording.canaryWarning(model),
      wording.changedSentence(model),
    ]
      .filter((text) => text !== undefined)
      .map(escapeMarkdownLine),
    ...compared(model, summary),
    '## Results',
    markdownTable(model).trimEnd(),
    `![${escapeMarkdown(wording.FIGURE_CAPTION)}](figure1.svg)`,
    escapeMarkdown([wording.FIGURE_CAPTION, ...(bars === undefined ? [] : [bars])].join(' ')),
    ...section('Against the published page', [], [verdictTable(model, summary)]),
    ...section('Cost of a sample', [], [perSampleTable(model, summary)]),
    ...section('Seen by the client', [], [throughputTable(summary), tailTable(summary), coldTable(summary)]),
    ...section(
      'Validity',
      [wording.ledgerSentence(model), ...validitySentences(model)],
      [reasonTable(model), checkTable(model), ledgerTable(model)],
    ),
    ...section('Parity of the scores', [], [parityTable(model)]),
    ...section('Published elsewhere', [], [anchorTable(model, summary)], anchorNotes(model)),
    ...environment(model),
    ...section('Notes', [], [], model.notes),
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
    bullets(model.variants.map(wording.variantSentence)),
    escapeMarkdownLine(wording.metricSentence(model, summary)),
    escapeMarkdownLine(wording.speedUpSentence(summary)),
  ];
}

/** A heading with sentences, tables and a list; nothing where all of it is empty. */
function section(
  heading: string,
  sentences: readonly string[],
  tables: readonly (PlainTable | undefined)[],
  notes: readonly string[] = [],
): string[] {
  const parts = [
    ...sentences.map(escapeMarkdownLine),
    ...tables.flatMap((table) => (table === undefined ? [] : [plainTableLines(table).join('\n')])),
    ...(notes.length > 0 ? [bullets(notes)] : []),
  ];
  return parts.length === 0 ? [] : [`## ${heading}`, ...parts];
}

function environment(model: ReportModel): string[] {
  if (model.environment.length === 0) return [];
  const rows = model.environment.map(({ name, value, varies }) => {
    const mark = varies === true ? ' (changed during the run)' : '';
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(value)}${mark} |`;
  });
  return ['## Environment', ['| Name | Value |', '| :--- | :--- |', ...rows].join('\n')];
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => `- ${escapeMarkdownLine(text)}`).join('\n');
}
