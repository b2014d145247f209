import type { TopLevelSpec } from 'vega-lite';
import { oneLine } from './escape.js';
import { logAxis } from './figure-axis.js';
import { DASHES, FIGURE_FONT_STACK, LIGHT, lineStyle } from './figure-style.js';
import type { CellSummary, ReportSummary } from './summary.js';

/** Labels in the legend are cut to this many characters; the table has them whole. */
const LEGEND_LABEL = 36;
const WIDTH = 680;
const HEIGHT = 360;

interface Point {
  batch: string;
  series: string;
  dash: 'solid' | 'dashed';
  us: number | null;
  min: number | null;
  max: number | null;
}

/** Figure 1 as a Vega-Lite specification: latency on a logarithmic axis against evenly spaced batch sizes. */
export function figureSpec(summary: ReportSummary): TopLevelSpec {
  const points = summary.rows.flatMap((row) => row.cells.map((cell, index) => pointOf(cell, index)));
  const { x, y, color, shape, strokeDash } = encodings(summary, points);
  const line = { type: 'line', strokeWidth: 2, invalid: 'break-paths-show-domains' };
  const point = {
    type: 'point',
    filled: true,
    opacity: 1,
    size: 70,
    stroke: LIGHT.paper,
    strokeWidth: 1,
    invalid: 'filter',
  };
  return {
    width: WIDTH,
    height: HEIGHT,
    autosize: 'none',
    data: { values: points },
    config: config(),
    layer: [
      { mark: line, encoding: { x, y, color, strokeDash } },
      ...(summary.repeated ? spreadLayers({ x, color }) : []),
      { mark: point, encoding: { x, y, color, shape } },
    ],
  } as TopLevelSpec;
}

function encodings(
  summary: ReportSummary,
  points: Point[],
): Record<'x' | 'y' | 'color' | 'shape' | 'strokeDash', object> {
  const batches = summary.rows.map((row) => String(row.batch));
  const labels = legendLabels(summary, points);
  const styles = labels.map((_, index) => lineStyle(index));
  const { ticks, domain } = logAxis(points.flatMap(({ us, min, max }) => [us, min, max]).filter((us) => us !== null));
  const legend = {
    title: null,
    orient: 'top',
    direction: 'horizontal',
    columns: legendColumns(labels),
    labelExpr: `${JSON.stringify(labels)}[+datum.value]`,
    labelLimit: 0,
  };
  const perSeries = (range: unknown[]) => ({
    field: 'series',
    type: 'nominal',
    legend,
    scale: { domain: labels.map((_, index) => String(index)), range },
  });
  return {
    x: {
      field: 'batch',
      type: 'ordinal',
      scale: { domain: batches, padding: 0.35 },
      axis: { title: 'Batch size (samples in one request)', labelAngle: crowded(batches) ? -45 : 0, grid: false },
    },
    y: {
      field: 'us',
      type: 'quantitative',
      scale: { type: 'log', domain, nice: false },
      axis: {
        title: 'Latency: compute infer (µs, logarithmic)',
        values: ticks,
        format: Math.min(...ticks) < 1 ? '~g' : ',d',
        labelOverlap: false,
      },
    },
    color: perSeries(styles.map((style) => style.color)),
    shape: perSeries(styles.map((style) => style.shape)),
    // A field of its own, so that the legend's points are not drawn with a dashed outline.
    strokeDash: { field: 'dash', type: 'nominal', legend: null, scale: { domain: ['solid', 'dashed'], range: DASHES } },
  };
}

/** A line that has no point says so where the reader looks for it. */
function legendLabels(summary: ReportSummary, points: Point[]): string[] {
  const variants = summary.rows[0]?.cells.map((cell) => cell.variant) ?? [];
  return variants.map((variant, index) => {
    const drawn = points.some((point) => point.series === String(index) && point.us !== null);
    return drawn ? shortened(variant.label) : `${shortened(variant.label)} (not measured)`;
  });
}

function shortened(label: string): string {
  const characters = Array.from(oneLine(label));
  return characters.length <= LEGEND_LABEL ? characters.join('') : `${characters.slice(0, LEGEND_LABEL - 1).join('')}…`;
}

/** Bars over the spread with caps, behind the points. */
function spreadLayers(encoding: object): object[] {
  const end = (field: string) => ({
    mark: { type: 'tick', orient: 'horizontal', size: 8, thickness: 1.5, opacity: 1 },
    transform: [{ filter: `isValid(datum.${field})` }],
    encoding: { ...encoding, y: { field, type: 'quantitative' } },
  });
  const bar = {
    mark: { type: 'rule', strokeWidth: 1.5, opacity: 1 },
    transform: [{ filter: 'isValid(datum.min)' }],
    encoding: { ...encoding, y: { field: 'min', type: 'quantitative' }, y2: { field: 'max' } },
  };
  return [bar, end('min'), end('max')];
}

/** Triton counts whole nanoseconds; below one there is no time, and the logarithmic axis has no end. */
const SHORTEST_US = 1e-3;

/** A time that is none has no place on a logarithmic axis and is left out of the figure; the table shows it. */
function pointOf(cell: CellSummary, index: number): Point {
  const base = { batch: String(cell.batch), series: String(index), dash: lineStyle(index).dash };
  const { medianUs, spread } = cell;
  if (medianUs === undefined || medianUs < SHORTEST_US) return { ...base, us: null, min: null, max: null };
  const drawn = spread !== undefined && spread.low >= SHORTEST_US ? spread : undefined;
  return { ...base, us: medianUs, min: drawn?.low ?? null, max: drawn?.high ?? null };
}

function crowded(batches: string[]): boolean {
  const longest = Math.max(...batches.map((batch) => batch.length));
  return batches.length * (longest * 7 + 10) > WIDTH;
}

/** As many legend columns as fit the width, and then as few as keep that number of rows, for even rows. */
function legendColumns(labels: string[]): number {
  const widest = Math.max(...labels.map((label) => label.length * 7 + 40));
  const fitting = Math.max(1, Math.floor(WIDTH / widest));
  return Math.ceil(labels.length / Math.ceil(labels.length / fitting));
}

function config(): object {
  const text = {
    labelColor: LIGHT.text,
    titleColor: LIGHT.text,
    labelFontSize: 11.5,
    titleFontSize: 12,
    titleFontWeight: 600,
  };
  return {
    aria: false,
    font: FIGURE_FONT_STACK,
    view: { stroke: null },
    axis: { ...text, gridColor: LIGHT.grid, domainColor: LIGHT.axis, tickColor: LIGHT.axis },
    axisX: { titlePadding: 10 },
    axisY: { titlePadding: 4 },
    legend: { ...text, labelFontSize: 12.5, symbolSize: 80, symbolStrokeWidth: 2, columnPadding: 20, offset: 14 },
  };
}
