import { escapeHtml } from '../../report/escape.js';
import { PAGE_STYLE } from '../../report/html-style.js';
import type { FleetReport } from '../report.js';
import { ABOUT_CELLS, cellTable, foundTable, type Table, uncoveredTable } from './tables.js';
import { change, headline, HEAT, heatStep } from './words.js';

/** One colour a step, told apart without seeing red and green; the words are in each title. */
const COLORS = ['#4575b4', '#e0e3e8', '#fee090', '#fc8d59', '#d73027'] as const;
const SIZE = 14;
/** Between columns of nodes, and how many nodes may stand below each other before another is begun; as wide as the page. */
const [GAP, FEW_ROWS, PAGE_WIDTH] = [28, 40, 1000];

const NAMES_LEFT = 'th:first-child,td:first-child{text-align:left}';

function table({ head, rows }: Table, words = false): string {
  const cells = (values: readonly string[], tag: string): string =>
    values.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join('');
  const body = rows.map((values) => `<tr>${cells(values, 'td')}</tr>`).join('');
  return `<div class="scroller" tabindex="0"><table${words ? ' class="words"' : ''}><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/**
 * Nodes downwards, in as many columns as the page is wide, GPUs across; one picture, since ten thousand table cells would be
 * slow to scroll.
 */
function heatMap({ heat }: FleetReport): string {
  const most = Math.max(...heat.map(({ gpus }) => gpus.length));
  const name = 8 * Math.max(...heat.map(({ node }) => node.length));
  const column = name + most * SIZE + GAP;
  const columns = Math.max(1, Math.min(Math.floor(PAGE_WIDTH / column), Math.ceil(heat.length / FEW_ROWS)));
  const rows = Math.ceil(heat.length / columns);
  const squares = heat.map(({ node, gpus }, index) => {
    const [left, top] = [Math.floor(index / rows) * column, (index % rows) * SIZE];
    const label = `<text x="${left}" y="${top + 11}">${escapeHtml(node)}</text>`;
    return (
      label +
      gpus
        .map(({ gpu, ratio }, place) => {
          const title = escapeHtml(`${gpu} on ${node}: ${change(ratio)}`);
          return `<rect x="${left + name + place * SIZE}" y="${top}" width="12" height="12" fill="${COLORS[heatStep(ratio)] ?? ''}"><title>${title}</title></rect>`;
        })
        .join('')
    );
  });
  const [width, height] = [columns * column - GAP, rows * SIZE];
  return `<div class="scroller" tabindex="0"><svg role="img" aria-label="ratio of each GPU to the fleet's median" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-size="11" fill="currentColor">${squares.join('')}</svg></div>`;
}

/** The report as a page that needs nothing else. */
export function fleetHtml(report: FleetReport): string {
  const { found, uncovered, verdict } = report;
  const legend = HEAT.map(
    ({ label }, step) =>
      `<span style="white-space:nowrap"><svg width="12" height="12"><rect width="12" height="12" fill="${COLORS[step] ?? ''}"/></svg> ${escapeHtml(label)}</span>`,
  ).join(' &nbsp; ');
  const sections = [
    `<h2>Suspects and defects</h2>${found.length === 0 ? '<p>None.</p>' : table(foundTable(report), true)}`,
    uncovered.length === 0 ? '' : `<h2>Not covered</h2>${table(uncoveredTable(report))}`,
    `<h2>Cells</h2><p>${ABOUT_CELLS}</p>${table(cellTable(report))}`,
    `<h2>Heat map</h2><p>${legend}</p>${heatMap(report)}`,
  ];
  const title = `Fleet ${report.runs.join(', ')}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${PAGE_STYLE}${NAMES_LEFT}</style></head><body><main><h1>${escapeHtml(title)}</h1><p class="banner${verdict === 'pass' ? '' : ' warning'}">${escapeHtml(headline(report))}</p>${sections.map((section) => `<section>${section}</section>`).join('')}</main></body></html>\n`;
}
