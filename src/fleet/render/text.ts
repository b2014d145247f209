import { terminalLines } from '../../report/terminal-table.js';
import type { FleetReport } from '../report.js';
import { cellTable } from './tables.js';
import { evidenceFor, headline, HEAT, heatStep, nameOf } from './words.js';

/** Nodes without anything to see are left out of a map of more than so many. */
const MOST_NODES = 60;
const MOST_FOUND = 30;

/** The report for a terminal. Ends in a line feed. */
export function fleetText(report: FleetReport): string {
  return [
    headline(report),
    '',
    ...cellLines(report),
    '',
    ...foundLines(report),
    ...uncoveredLines(report),
    ...heatLines(report),
    '',
  ].join('\n');
}

function cellLines(report: FleetReport): string[] {
  const { head, rows } = cellTable(report);
  // Here nothing else tells the unit.
  const named = head.map((name) => (name === 'median' ? 'median us' : name));
  return terminalLines(named, rows, { wordColumns: [0, 7], gap: '  ' });
}

function foundLines({ found }: FleetReport): string[] {
  if (found.length === 0) return [];
  const lines = found.slice(0, MOST_FOUND).map((one) => `${one.finding}: ${nameOf(one)}: ${evidenceFor(one)}`);
  if (found.length > MOST_FOUND) lines.push(`and ${found.length - MOST_FOUND} more: see fleet.md`);
  return [...lines, ''];
}

function uncoveredLines({ uncovered }: FleetReport): string[] {
  const lines = uncovered
    .slice(0, MOST_FOUND)
    .map(({ node, expected, seen }) => `not covered: node ${node}: ${seen} of ${expected} GPUs were measured`);
  return lines.length === 0 ? [] : [...lines, ''];
}

/** A character for each GPU, a line for each node. */
export function heatLines({ heat }: FleetReport): string[] {
  const few = heat.length <= MOST_NODES;
  const shown = few ? heat : heat.filter(({ gpus }) => gpus.some(({ ratio }) => Math.abs(ratio - 1) > 0.05));
  const width = Math.max(0, ...shown.map(({ node }) => node.length));
  const legend = HEAT.map(({ mark, label }) => `${mark} ${label}`).join(', ');
  const lines = shown.map(
    ({ node, gpus }) =>
      `${node.padEnd(width)}  ${gpus.map(({ ratio }) => HEAT[heatStep(ratio)]?.mark ?? '?').join('')}`,
  );
  const rest = few ? [] : [`(${heat.length - shown.length} nodes within 5 % are not shown)`];
  return [`ratio to the fleet's median, a GPU each: ${legend}`, ...lines, ...rest];
}
