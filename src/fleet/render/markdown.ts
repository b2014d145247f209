import type { FleetReport } from '../report.js';
import { heatLines } from './text.js';
import { change, evidenceFor, headline, micros, nameOf, sharesOf } from './words.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (values: readonly string[]): string => `| ${values.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];

/** The report as Markdown. Ends in a line feed. */
export function fleetMarkdown(report: FleetReport): string {
  const { cells, found, uncovered } = report;
  const cellRows = cells.map(({ key, median, spread, shares, figures }) => [
    ...[key, String(figures.length), micros(median)],
    ...[
      change(spread.least / median),
      change(spread.p5 / median),
      change(spread.p95 / median),
      change(spread.greatest / median),
    ],
    sharesOf(shares),
  ]);
  return [
    '# Fleet',
    '',
    headline(report),
    '',
    '## Suspects and defects',
    '',
    ...(found.length === 0
      ? ['None.']
      : table(
          ['finding', 'which', 'evidence'],
          found.map((one) => [one.finding, nameOf(one), evidenceFor(one)]),
        )),
    '',
    ...(uncovered.length === 0
      ? []
      : [
          '## Not covered',
          '',
          ...table(
            ['node', 'GPUs', 'measured'],
            uncovered.map(({ node, expected, seen }) => [node, String(expected), String(seen)]),
          ),
          '',
        ]),
    '## Cells',
    '',
    'Median over the GPUs, in microseconds; the GPUs against it; and where the variance comes from.',
    '',
    ...table(['cell', 'GPUs', 'median', 'least', '5 %', '95 %', 'greatest', 'variance: node, GPU, run'], cellRows),
    '',
    '## Heat map',
    '',
    '```text',
    ...heatLines(report),
    '```',
    '',
  ].join('\n');
}
