import { escapeMarkdown } from '../../report/escape.js';
import type { FleetReport } from '../report.js';
import { ABOUT_CELLS, cellTable, foundTable, type Table, uncoveredTable } from './tables.js';
import { heatLines } from './text.js';
import { headline } from './words.js';

function table({ head, rows }: Table): string[] {
  const line = (values: readonly string[]): string => `| ${values.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((values) => line(values.map(escapeMarkdown)))];
}

/** The report as Markdown. Ends in a line feed. */
export function fleetMarkdown(report: FleetReport): string {
  const { found, uncovered } = report;
  return [
    ...['# Fleet', '', headline(report), ''],
    ...['## Suspects and defects', '', ...(found.length === 0 ? ['None.'] : table(foundTable(report))), ''],
    ...(uncovered.length === 0 ? [] : ['## Not covered', '', ...table(uncoveredTable(report)), '']),
    ...['## Cells', '', ABOUT_CELLS, '', ...table(cellTable(report)), ''],
    ...['## Heat map', '', '```text', ...heatLines(report), '```', ''],
  ].join('\n');
}
