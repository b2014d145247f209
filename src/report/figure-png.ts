import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { PACKAGE_ROOT } from '../package-root.js';
import { figureSvg } from './figure.js';
import { FIGURE_FONT } from './figure-style.js';
import type { ReportModel } from './model.js';

const FONT_FILES = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((name) =>
  join(PACKAGE_ROOT, 'assets', 'fonts', name),
);

/** Figure 1 as a PNG at twice the size of the SVG, with the bundled font: the same bytes on a machine without any fonts. */
export function figurePng(model: ReportModel): Buffer {
  const resvg = new Resvg(figureSvg(model), {
    fitTo: { mode: 'zoom', value: 2 },
    font: {
      loadSystemFonts: false,
      fontFiles: FONT_FILES,
      defaultFontFamily: FIGURE_FONT,
      sansSerifFamily: FIGURE_FONT,
    },
  });
  return resvg.render().asPng();
}
