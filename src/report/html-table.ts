import { escapeHtml } from './escape.js';
import { cellText, speedUpText } from './markdown-table.js';
import type { ReportModel, ReportVariant } from './model.js';
import type { PlainTable } from './plain-table.js';
import { wholeMicroseconds } from './rounding.js';
import { spreadKind } from './spread-table.js';
import { speedUpHeading, type CellSummary, type ReportSummary } from './summary.js';

const RESULTS_CAPTION = 'Per-batch forward latency at the server (compute infer), in microseconds';

/** Scrolls sideways where the screen is too narrow, and can be reached by keyboard for it. */
export function scroller(label: string, content: string): string {
  return `<div class="scroller" role="region" aria-label="${escapeHtml(label)}" tabindex="0">${content}</div>`;
}

/** The page's table: every column sorts by a button in its heading. */
export function pageTable(model: ReportModel, summary: ReportSummary): string {
  const heads = [
    sortHead('Batch size', '', 'ascending'),
    ...model.variants.map((variant) => sortHead(variant.label, tag(variant))),
    ...(summary.comparable ? [sortHead(speedUpHeading(summary), '')] : []),
  ];
  const rows = summary.rows.map((row) => {
    const speedUp = summary.comparable ? numberCell(escapeHtml(speedUpText(row)), row.speedUp, 'speedup') : '';
    const cells = row.cells.map((cell) => numberCell(cellHtml(cell), cell.medianUs, '', cellTitle(cell))).join('');
    return `<tr><th scope="row" data-value="${row.batch}">${row.batch}</th>${cells}${speedUp}</tr>`;
  });
  return scroller(
    'Table of results',
    `<table class="results" data-sortable>${captionOf(RESULTS_CAPTION + belowEach(summary))}` +
      `<thead><tr>${heads.join('')}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`,
  );
}

/** The span stays in view while a wide table is scrolled under it. */
function captionOf(text: string): string {
  return `<caption><span>${escapeHtml(text)}</span></caption>`;
}

/** What the small figures are. */
function belowEach(summary: ReportSummary): string {
  const kinds = new Set(summary.rows.flatMap(({ cells }) => cells.flatMap(({ spread }) => spread?.kind ?? [])));
  if (kinds.size === 0) return '';
  if (kinds.size === 2) return '; below each its interval of at least 95 %, or the range of fewer than 6 repeats';
  return kinds.has('interval') ? '; below each its interval of at least 95 %' : '; below each the range of its repeats';
}

/** What each column is, below the table. */
export function cards(model: ReportModel): string {
  const items = model.variants.map(
    (variant) =>
      `<div><dt>${escapeHtml(variant.label)} ${tag(variant)}</dt>` +
      `<dd><code>${escapeHtml(variant.id)}</code>${variant.note ? ` ${escapeHtml(variant.note)}` : ''}</dd></div>`,
  );
  return `<dl class="variants">${items.join('')}</dl>`;
}

/** Any other table of the report. */
export function plainTable(table: PlainTable): string {
  const kind = (index: number) => (table.wordColumns.includes(index) ? ' class="word"' : '');
  const heads = table.head.map((head, index) => `<th scope="col"${kind(index)}>${escapeHtml(head)}</th>`).join('');
  const rows = table.rows.map((row) => {
    const cells = row.map((text, index) =>
      index === 0
        ? `<th scope="row"${kind(index)}>${escapeHtml(text)}</th>`
        : `<td${kind(index)}>${escapeHtml(text)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return scroller(
    table.caption.split(/[.:;] /, 1)[0] ?? '',
    `<table>${captionOf(table.caption)}<thead><tr>${heads}</tr></thead>\n<tbody>${rows.join('\n')}</tbody></table>`,
  );
}

function sortHead(label: string, extra: string, sort: 'ascending' | 'none' = 'none'): string {
  return (
    `<th scope="col" aria-sort="${sort}"><button type="button">${escapeHtml(label)}` +
    `<span class="arrow" aria-hidden="true"></span></button>${extra}</th>`
  );
}

/** The median and, smaller, from where to where it is sure to be. */
function cellHtml(cell: CellSummary): string {
  const { spread } = cell;
  const text = escapeHtml(cellText(cell));
  if (spread === undefined) return text;
  return `${text}<span class="spread">${fromTo(spread)}</span>`;
}

function fromTo({ low, high }: { low: number; high: number }): string {
  return `${wholeMicroseconds(low)} – ${wholeMicroseconds(high)}`;
}

/** @param content HTML */
function numberCell(content: string, value: number | string | undefined, kind: string, title = ''): string {
  const classes = [kind, value === undefined ? 'missing' : ''].filter((name) => name !== '').join(' ');
  const attributes = [
    classes === '' ? '' : ` class="${classes}"`,
    value === undefined ? '' : ` data-value="${value}"`,
    title === '' ? '' : ` title="${escapeHtml(title)}"`,
  ];
  return `<td${attributes.join('')}>${content}</td>`;
}

function cellTitle(cell: CellSummary): string {
  if (cell.n === 0) return cell.reasons.join('; ') || 'not measured';
  const { spread } = cell;
  return spread === undefined ? '' : `median of ${cell.n}; ${spreadKind(spread)} ${fromTo(spread)} µs`;
}

function tag(variant: ReportVariant): string {
  return variant.hps ? '<span class="tag hps">HPS</span>' : '<span class="tag">without HPS</span>';
}

/** One line a fact; what changed inside the run is marked. Empty without any. */
export function environmentTable(model: ReportModel): string {
  if (model.environment.length === 0) return '';
  const rows = model.environment.map(({ name, value, varies }) => {
    const mark = varies === true ? ' <span class="tag warn">changed during the run</span>' : '';
    return `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}${mark}</td></tr>`;
  });
  return `<table class="words"><caption>Where the numbers come from.</caption><tbody>${rows.join('\n')}</tbody></table>`;
}
