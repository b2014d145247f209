import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What axe finds wrong by WCAG 2.2 A and AA and its own best practices: rule, element and why, a line each. Contrast is computed. */
export async function faults(page: Page): Promise<string[]> {
  // Evaluated over the debugging channel, which the page's policy does not forbid.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)}: ${failureSummary ?? ''}`),
  );
}

/** Contrast of every text of the figure with its paper, which axe does not look at: the lowest one. */
export async function figureContrast(page: Page): Promise<number> {
  return page.evaluate(() => {
    const luminance = (color: string): number => {
      const parts = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      const [red = 0, green = 0, blue = 0] = parts.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const fill = (element: Element) => luminance(getComputedStyle(element).fill);
    const paper = document.querySelector('.hps-figure .paper');
    const texts = [...document.querySelectorAll('.hps-figure text')];
    if (paper === null || texts.length === 0) throw new Error('the page has no figure');
    const ratios = texts.map((text) => {
      const [low = 0, high = 0] = [fill(text), fill(paper)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    });
    return Math.min(...ratios);
  });
}
