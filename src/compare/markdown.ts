import { escapeMarkdown, escapeMarkdownLine, plainTableLines, type PlainTable } from '../report/index.js';
import type { Comparison } from './comparison.js';
import { cellTable, sideTable, slopeTable, speedUpTable } from './tables.js';
import { explanation, headline, noReproduction, outlierLines } from './wording.js';

/** So many cells with a verdict of their own are shown before the fold. */
const SHOWN = 12;

/**
 * A comparison as a comment for a pull request: the verdict, the cells that are not the same, and everything else folded. Works
 * in GitHub's Markdown. Ends in a line feed.
 */
export function markdownComparison(comparison: Comparison): string {
  const apart = comparison.cells.filter(({ verdict }) => verdict !== 'same' && verdict !== 'reproduced');
  const shown = [...apart].sort((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio))).slice(0, SHOWN);
  const remarks = [noReproduction(comparison), ...comparison.drifted, ...comparison.missing].filter(
    (text) => text !== undefined,
  );
  const notes = [...comparison.notes, ...outlierLines(comparison)];
  const blocks = [
    `**hps-bench compare: ${comparison.verdict}** (${escapeMarkdown(headline(comparison))})`,
    ...differences(comparison),
    ...(remarks.length > 0 ? [bullets(remarks)] : []),
    ...(shown.length > 0 ? [table(cellTable(comparison, shown))] : []),
    ...(apart.length > SHOWN ? [`The ${SHOWN} furthest of ${apart.length}; all are below.`] : []),
    ...(shown.length === comparison.cells.length
      ? [folded('How to read it', [escapeMarkdownLine(explanation(comparison))])]
      : [
          folded(`All cells (${comparison.cells.length})`, [
            table(cellTable(comparison)),
            escapeMarkdownLine(explanation(comparison)),
          ]),
        ]),
    folded(
      'Cost of a sample, speed-ups',
      [slopeTable(comparison), speedUpTable(comparison)].flatMap((one) => (one === undefined ? [] : [captioned(one)])),
    ),
    folded('What was compared', [table(sideTable(comparison)), ...(notes.length > 0 ? [bullets(notes)] : [])]),
  ].filter((block) => block !== '');
  return `${blocks.join('\n\n')}\n`;
}

/** Never folded: a reader must not take a comparison of two machines for one of two releases. */
function differences({ allowed }: Comparison): string[] {
  if (allowed.length === 0) return [];
  return [
    `> **Compared although it differs:**\n${allowed.map(({ kind, text }) => `> - ${kind}: ${escapeMarkdown(text)}`).join('\n')}`,
  ];
}

/** GitHub needs an empty line after the summary, or it shows the Markdown as it is. */
function folded(summary: string, blocks: readonly string[]): string {
  if (blocks.length === 0) return '';
  return `<details><summary>${escapeMarkdown(summary)}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

function captioned(one: PlainTable): string {
  return plainTableLines(one).join('\n');
}

function table(one: PlainTable): string {
  return plainTableLines(one).slice(2).join('\n');
}

function bullets(texts: readonly string[]): string {
  return texts.map((text) => `- ${escapeMarkdownLine(text)}`).join('\n');
}
