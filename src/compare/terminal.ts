import picocolors from 'picocolors';
import { terminalLines, type PlainTable } from '../report/index.js';
import type { ComparedCell, Comparison, Verdict } from './comparison.js';
import { cellTable, sideTable, slopeTable, speedUpTable, VERDICT_COLUMN } from './tables.js';
import { explanation, headline, noReproduction, outlierLines } from './wording.js';

const WIDTH = 100;

type Colors = ReturnType<typeof picocolors.createColors>;

/** A comparison for a terminal; ends in a line feed. @param options.colors ANSI colours, @default false */
export function terminalComparison(comparison: Comparison, options: { readonly colors?: boolean } = {}): string {
  const colors = picocolors.createColors(options.colors ?? false);
  const cells = cellTable(comparison);
  const judged = cells.rows.map((row) =>
    row.map((text, column) =>
      column === VERDICT_COLUMN ? paint(colors, text as ComparedCell['verdict'])(text) : text,
    ),
  );
  const remarks = [
    noReproduction(comparison),
    ...comparison.drifted,
    ...comparison.missing,
    ...comparison.allowed.map(({ kind, text }) => `different ${kind}, as allowed: ${text}`),
    ...comparison.notes,
    ...outlierLines(comparison),
  ].filter((text) => text !== undefined);
  const blocks = [
    lines(colors, sideTable(comparison)),
    lines(colors, { ...cells, rows: judged }),
    ...[slopeTable(comparison), speedUpTable(comparison)].map((table) =>
      table === undefined ? [] : [table.caption, ...lines(colors, table)],
    ),
    remarks.map((text) => colors.yellow(wrapped(text, '- '))),
    [colors.dim(wrapped(explanation(comparison)))],
    [`${paint(colors, comparison.verdict)(comparison.verdict)}: ${headline(comparison)}`],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function lines(colors: Colors, { head, rows, wordColumns }: PlainTable): string[] {
  return terminalLines(
    head.map((text) => colors.bold(text)),
    rows,
    { wordColumns, gap: '  ' },
  );
}

/** At the end of a word, within {@link WIDTH} where its words allow it. @param mark in front of the first line */
function wrapped(text: string, mark = ''): string {
  const room = WIDTH - mark.length;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line, index) => `${index === 0 ? mark : ' '.repeat(mark.length)}${line}`).join('\n');
}

function paint(colors: Colors, verdict: Verdict | ComparedCell['verdict']): (text: string) => string {
  switch (verdict) {
    case 'same':
    case 'reproduced':
    case 'improved':
      return colors.green;
    case 'regressed':
    case 'environment invalid':
      return colors.red;
    case 'incomplete':
    case 'inconclusive':
      return colors.yellow;
  }
}
