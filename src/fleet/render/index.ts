import type { FleetReport } from '../report.js';
import { fleetCsv } from './csv.js';
import { fleetHtml } from './html.js';
import { fleetMarkdown } from './markdown.js';

export { fleetText } from './text.js';

export const fleetJson = (report: FleetReport): string => `${JSON.stringify(report, null, 1)}\n`;

/** Files of a report by name. */
export function fleetFiles(report: FleetReport): ReadonlyMap<string, string> {
  return new Map([
    ['fleet.html', fleetHtml(report)],
    ['fleet.md', fleetMarkdown(report)],
    ['fleet.csv', fleetCsv(report)],
    ['fleet.json', fleetJson(report)],
  ]);
}
