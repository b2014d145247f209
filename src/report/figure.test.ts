import fc from 'fast-check';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { anyModel } from '../../test/fixtures/published/arbitrary-model.js';
import { publishedModel } from '../../test/fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../../test/fixtures/published/sample-models.js';
import { logAxis } from './figure-axis.js';
import { figurePng } from './figure-png.js';
import { COLORS, DARK, LIGHT, lineStyle } from './figure-style.js';
import { figureSvg } from './figure.js';

const published = publishedModel('2025-01-02T03:04:05Z');
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

/** Number of drawn things in the group of marks with this class. */
function marks(svg: string, kind: string): number[] {
  return [...svg.matchAll(new RegExp(`<g class="mark-${kind} role-mark[^"]*"[^>]*>(.*?)</g>`, 'g'))].map(
    (match) => [...(match[1] ?? '').matchAll(/<(?:path|line)/g)].length,
  );
}

describe('Figure 1', () => {
  it('draws one line and one point per cell for each variant, with a legend and both axes', () => {
    const svg = figureSvg(published);
    expect(marks(svg, 'line')).toEqual([1, 1, 1, 1]);
    expect(marks(svg, 'symbol')).toEqual([44]);
    for (const label of [
      'Native TF',
      'TF with HPS',
      'FP32 TRT with HPS',
      'FP16 TRT with HPS',
      '32',
      '131072',
      '1,000',
      '200,000',
    ]) {
      expect(texts(svg)).toContain(label);
    }
  });

  it('places points by the logarithm of the latency', () => {
    const svg = figureSvg({
      ...published,
      variants: published.variants.slice(0, 1),
      contender: 'native_tf',
      cells: published.cells.filter((cell) => cell.variant === 'native_tf'),
    });
    const group = /<g class="mark-symbol role-mark[^"]*"[^>]*>(.*?)<\/g>/.exec(svg)?.[1] ?? '';
    const y = [...group.matchAll(/translate\([\d.]+,([\d.]+)\)/g)].map((match) => Number(match[1]));
    const us = published.cells
      .filter((cell) => cell.variant === 'native_tf')
      .map((cell) => cell.values[0]?.computeInferUs ?? 0);
    expect(y).toHaveLength(11);
    const perDecade = ((y[0] ?? 0) - (y[10] ?? 0)) / Math.log10((us[10] ?? 1) / (us[0] ?? 1));
    y.forEach((value, index) => {
      expect((y[0] ?? 0) - value).toBeCloseTo(perDecade * Math.log10((us[index] ?? 1) / (us[0] ?? 1)), 3);
    });
  });

  it('draws bars from min to max only where cells were repeated', () => {
    expect(marks(figureSvg(published), 'rule')).toEqual([]);
    expect(marks(figureSvg(localModel()), 'rule')).toEqual([10]);
  });

  it('leaves a gap where a cell is missing, and says in the legend when a whole variant is', () => {
    const hole = figureSvg({
      ...published,
      cells: published.cells.filter((cell) => cell.variant !== 'native_tf' || cell.batch !== 1024),
    });
    const line = /<g class="mark-line role-mark[^"]*"[^>]*><path[^>]* d="([^"]*)"/.exec(hole)?.[1] ?? '';
    expect(line.match(/M/g)).toHaveLength(2);
    const none = figureSvg({ ...published, cells: published.cells.filter((cell) => cell.variant !== 'tf_with_hps') });
    expect(texts(none)).toContain('TF with HPS (not measured)');
  });

  it('dashes the line, but not the legend point, of a variant whose colour comes a second time', () => {
    const variants = Array.from({ length: 6 }, (_, index) => ({ id: `v${index}`, label: `V${index}`, hps: false }));
    const cells = variants.flatMap(({ id }, index) =>
      [32, 64].map((batch) => ({ variant: id, batch, values: [{ repeat: 1, computeInferUs: 100 + index * batch }] })),
    );
    const svg = figureSvg({ ...published, variants, cells, batches: [32, 64], baseline: 'v0', contender: 'v5' });
    const dashed = [...svg.matchAll(/<path[^>]*stroke-dasharray="6,3"[^>]*>/g)].map(([path]) => path);
    expect(dashed).toHaveLength(1);
    expect(dashed[0]).toContain(`stroke="${COLORS[0] ?? ''}"`);
  });

  it('is the same, byte for byte, every time', () => {
    expect(figureSvg(localModel())).toBe(figureSvg(localModel()));
    expect(figurePng(published).equals(figurePng(published))).toBe(true);
  });

  it('has a title and a description for those who cannot see it', () => {
    const svg = figureSvg(incompleteModel());
    expect(svg).toContain('role="img" aria-labelledby="hps-figure-title hps-figure-desc"');
    expect(svg).toContain('<title id="hps-figure-title">Figure 1. The DLRM inference latency.');
    expect(svg).toContain('Native TF: from 551 µs at batch 32 to 107742 µs at batch 65536.');
  });

  it('is drawn at twice its size with text from the bundled font alone', () => {
    const svg = figureSvg(published);
    const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
    const height = Number(/height="(\d+)"/.exec(svg)?.[1]);
    const png = figurePng(published);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
    const withoutFont = new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font: { loadSystemFonts: false } })
      .render()
      .asPng();
    expect(png.length).toBeGreaterThan(withoutFont.length * 1.2);
  });

  it('leaves out a time too short to be one, and keeps a picture', () => {
    const cells = published.cells.map((cell) =>
      cell.variant === 'native_tf' ? { ...cell, values: [{ repeat: 1, computeInferUs: 5e-324 }] } : cell,
    );
    const svg = figureSvg({ ...published, cells });
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg).toContain('Native TF (not measured)');
  });

  it('stays a well-formed picture for any labels and any times', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const svg = figureSvg(model);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        expect(() => new Resvg(svg, { font: { loadSystemFonts: false } })).not.toThrow();
      }),
      { numRuns: 60 },
    );
  });
});

describe('the logarithmic axis', () => {
  it('has every value inside its domain and at least two ticks, ascending', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-3, max: 1e12, noNaN: true })), (values) => {
        const { ticks, domain } = logAxis(values);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        for (const value of [...values, ...ticks]) {
          expect(value).toBeGreaterThanOrEqual(domain[0]);
          expect(value).toBeLessThanOrEqual(domain[1]);
        }
      }),
    );
  });
});

describe('the colours and shapes', () => {
  const channel = (hex: string, at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = (hex: string) => 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
  const contrast = (a: string, b: string) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
  };

  it('have a contrast of at least 3 on white and on dark paper, and text of at least 7', () => {
    for (const color of COLORS) {
      expect(contrast(color, LIGHT.paper), color).toBeGreaterThanOrEqual(3);
      expect(contrast(color, DARK.paper), color).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(LIGHT.text, LIGHT.paper)).toBeGreaterThanOrEqual(7);
    expect(contrast(DARK.text, DARK.paper)).toBeGreaterThanOrEqual(7);
  });

  it('never give the first seven variants the same shape, nor 35 variants the same colour and shape', () => {
    const styles = Array.from({ length: 35 }, (_, index) => lineStyle(index));
    expect(new Set(styles.slice(0, 7).map((style) => style.shape)).size).toBe(7);
    expect(new Set(styles.map((style) => `${style.color} ${style.shape}`)).size).toBe(35);
  });
});
