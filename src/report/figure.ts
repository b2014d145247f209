import * as vega from 'vega';
import { compile } from 'vega-lite';
import { escapeHtml, oneLine } from './escape.js';
import { figureSpec } from './figure-spec.js';
import { FIGURE_STYLE, LIGHT } from './figure-style.js';
import type { ReportModel } from './model.js';
import { summarise } from './summary.js';
import { figureDescription, FIGURE_CAPTION } from './wording.js';

/** Exported by vega, but absent from its type declarations. */
interface SceneExports {
  SVGStringRenderer: new () => {
    initialize(element: null, width: number, height: number, origin: [number, number]): void;
    render(root: SceneRoot): { svg(): string };
  };
  textMetrics: { canvas(use: boolean): void };
  resetSVGDefIds(): void;
}

interface SceneRoot {
  bounds: { x1: number; y1: number; x2: number; y2: number };
}

const scene = vega as unknown as SceneExports;
const MARGIN = 16;

/**
 * Figure 1 as a self-contained SVG: one line with points for each variant, bars where cells were repeated. It has
 * a title and a description for screen readers, follows the reader's light or dark setting, and the same model gives the same
 * bytes every time.
 */
export function figureSvg(model: ReportModel): string {
  const summary = summarise(model);
  // A machine that happens to have node-canvas would measure text differently and move the labels.
  scene.textMetrics.canvas(false);
  scene.resetSVGDefIds();
  const view = new vega.View(vega.parse(compile(figureSpec(summary)).spec), { renderer: 'none', logLevel: vega.Error });
  try {
    view.run();
    const root = (view.scenegraph() as unknown as { root: SceneRoot }).root;
    return frame(model, root, figureDescription(model, summary));
  } finally {
    view.finalize();
  }
}

/** Puts what vega drew on paper of its exact size, with everything that a figure needs to stand alone. */
function frame(model: ReportModel, root: SceneRoot, description: string): string {
  const { x1, y1, x2, y2 } = root.bounds;
  const width = Math.ceil(x2 - x1) + 2 * MARGIN;
  const height = Math.ceil(y2 - y1) + 2 * MARGIN;
  const renderer = new scene.SVGStringRenderer();
  renderer.initialize(null, width, height, [MARGIN - Math.floor(x1), MARGIN - Math.floor(y1)]);
  const drawing = renderer.render(root).svg();
  const inner = withoutRoles(drawing.slice(drawing.indexOf('>') + 1, drawing.lastIndexOf('</svg>')));
  const title = `${FIGURE_CAPTION} ${oneLine(model.title)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="hps-figure" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ' role="img" aria-labelledby="hps-figure-title hps-figure-desc">',
    `<title id="hps-figure-title">${escapeHtml(title)}</title><desc id="hps-figure-desc">${escapeHtml(description)}</desc>`,
    `<style>${FIGURE_STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}" fill="${LIGHT.paper}"/>`,
    `${inner}</svg>\n`,
  ].join('');
}

/** The figure is one image with a description; vega would have each of its nameless groups announced too. */
function withoutRoles(drawing: string): string {
  return drawing.replaceAll(/ (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")/g, '');
}
