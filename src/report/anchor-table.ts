import type { ReportModel } from './model.js';
import type { PlainTable } from './plain-table.js';
import { cellText } from './markdown-table.js';
import { wholeMicroseconds } from './rounding.js';
import type { ReportSummary } from './summary.js';

/** The run's medians and, below them, what others published for the same batches; undefined where nobody did. */
export function anchorTable(model: ReportModel, summary: ReportSummary): PlainTable | undefined {
  const anchors = model.anchors ?? [];
  if (anchors.length === 0) return undefined;
  const ours = model.variants.map((variant, index) => [
    'This run',
    variant.label,
    ...summary.rows.map((row) => {
      const cell = row.cells[index];
      return cell === undefined ? '-' : cellText(cell);
    }),
  ]);
  const theirs = anchors.map(({ source, deployment, figures }) => [
    source,
    deployment,
    ...summary.rows.map(({ batch }) => {
      const figure = figures.find((one) => one.batch === batch);
      return figure === undefined ? '-' : wholeMicroseconds(figure.us);
    }),
  ]);
  return {
    caption:
      'Published for the same batch sizes (the columns), in microseconds. All but the first rows are from other machines with other software: they give the order of magnitude and are no reference for this run.',
    head: ['Source', 'Deployment', ...summary.rows.map((row) => String(row.batch))],
    rows: [...ours, ...theirs],
    wordColumns: [0, 1],
  };
}

/** What each source measured and on what, once a source. */
export function anchorNotes(model: ReportModel): string[] {
  const about = new Map((model.anchors ?? []).map((anchor) => [anchor.source, anchor.about]));
  return [...about].map(([source, text]) => `${source}: ${text}.`);
}
