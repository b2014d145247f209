/** How Figure 1 looks. Every colour has a contrast of at least 3 to 1 on both papers, and no line relies on colour alone. */

/** Bundled as assets/fonts; a browser without it takes its own sans-serif. */
export const FIGURE_FONT = 'Inter';
export const FIGURE_FONT_STACK = `${FIGURE_FONT}, 'Helvetica Neue', Helvetica, Arial, sans-serif`;

export const LIGHT = { paper: '#ffffff', text: '#1f2933', grid: '#e3e7ec', axis: '#8a94a0' };
export const DARK = { paper: '#14181d', text: '#dfe5ec', grid: '#2b323b', axis: '#7d8793' };

/** Blue, vermilion, green, purple of the Okabe-Ito palette, and a grey: told apart with every common colour blindness. */
export const COLORS = ['#0072b2', '#d55e00', '#009e73', '#b8679a', '#7c7c7c'];
export const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross', 'triangle-right'];
/** Of a solid and of a dashed line, in this order. */
export const DASHES = [
  [1, 0],
  [6, 3],
];

/** Colour, point shape and dash of the n-th variant; 35 variants pass before a pair of colour and shape comes back. */
export function lineStyle(index: number): { color: string; shape: string; dash: 'solid' | 'dashed' } {
  return {
    color: COLORS[index % COLORS.length] ?? '#7c7c7c',
    shape: SHAPES[index % SHAPES.length] ?? 'circle',
    dash: Math.floor(index / COLORS.length) % 2 === 0 ? 'solid' : 'dashed',
  };
}

/** Dark paper where the reader asked for it; always light in print, and in renderers that know no media queries. */
export const FIGURE_STYLE = [
  '@media screen and (prefers-color-scheme:dark){',
  `.hps-figure .paper{fill:${DARK.paper}}`,
  `.hps-figure text{fill:${DARK.text}}`,
  `.hps-figure .role-axis-grid line{stroke:${DARK.grid}}`,
  `.hps-figure .role-axis-domain line,.hps-figure .role-axis-tick line{stroke:${DARK.axis}}`,
  `.hps-figure .mark-symbol.role-mark path{stroke:${DARK.paper}}`,
  '}',
].join('');
