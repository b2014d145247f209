import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml, type ReportModel } from '../../src/report/index.js';
import { fullModel } from '../fixtures/published/full-model.js';
import { publishedModel } from '../fixtures/published/page-model.js';
import { incompleteModel, localModel } from '../fixtures/published/sample-models.js';
import { open, startBrowser, type OpenPage } from './browser.js';
import { faults, figureContrast } from './contrast.js';

const MODELS: Readonly<Record<string, () => ReportModel>> = {
  'everything at once': fullModel,
  'a run on one machine': localModel,
  'an incomplete run': incompleteModel,
  'the published page': () => publishedModel('2025-01-02T03:04:05Z'),
};
/** A4 between margins of 2 cm, in CSS pixels. */
const PAPER = { width: 642, height: 971 };

let browser: Browser;
let opened: OpenPage | undefined;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function show(model: ReportModel, options: Parameters<typeof open>[2] = {}): Promise<OpenPage> {
  opened = await open(browser, reportHtml(model), options);
  return opened;
}

/** The batches of the results table, from top to bottom. */
async function batches({ page }: OpenPage): Promise<number[]> {
  return (await page.locator('.results tbody th').allTextContents()).map(Number);
}

describe.each(Object.entries(MODELS))('the page of %s', (_, model) => {
  it('asks for nothing besides itself and complains of nothing, from start to end', async () => {
    const { page, requests, complaints } = await show(model());
    for (const summary of await page.locator('summary').all()) await summary.click();
    for (const button of await page.locator('thead button').all()) await button.click();
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('can be read in the %s, by WCAG AA', async (colorScheme) => {
    const { page } = await show(model(), { colorScheme });
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await faults(page)).toEqual([]);
    expect(await figureContrast(page)).toBeGreaterThanOrEqual(4.5);
  });

  it('fits a phone of 375 pixels: only tables and the figure scroll sideways, each on its own', async () => {
    const { page } = await show(model(), { viewport: { width: 375, height: 740 } });
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((element) => element.closest('.scroller') === null && element.getBoundingClientRect().right > 376)
        .map((element) => element.outerHTML.slice(0, 100)),
    );
    expect(cut).toEqual([]);
  });
});

describe('the results table', () => {
  it('sorts by a click on a heading, and the other way round by the next', async () => {
    const shown = await show(incompleteModel());
    const { page } = shown;
    const head = page.locator('.results thead th', { hasText: 'FP16 TRT with HPS' }).first();
    const ascending = await batches(shown);
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    await head.locator('button').click();
    // The page's own quirk: FP16 is faster at 64 than at 32. What was not measured stays at the end.
    expect((await batches(shown)).slice(0, 3)).toEqual([64, 32, 256]);
    expect((await batches(shown)).slice(-3)).toEqual([32768, 65536, 131072]);
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await head.locator('button').click();
    expect((await batches(shown)).slice(0, 2)).toEqual([16384, 8192]);
    expect((await batches(shown)).slice(-3)).toEqual([32768, 65536, 131072]);
    expect(await page.locator('[aria-sort=descending]').count()).toBe(1);
  });

  it('sorts by the keyboard alone', async () => {
    const shown = await show(fullModel());
    await shown.page.locator('.results thead button').first().focus();
    await shown.page.keyboard.press('Enter');
    expect((await batches(shown))[0]).toBe(131072);
  });
});

describe('the keyboard', () => {
  it('reaches every link, button, fold and everything that scrolls, and shows where it is', async () => {
    const { page } = await show(fullModel(), { viewport: { width: 375, height: 740 } });
    // What is folded away cannot be reached before it is opened.
    const folded = await page.locator('details:not([open]) [tabindex="0"]').count();
    const wanted = (await page.locator('a, button, summary, [tabindex="0"]').count()) - folded;
    const reached = new Set<string>();
    for (let press = 0; press < wanted; press += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const all = [...document.querySelectorAll('*')];
        return { index: all.indexOf(element), outline: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
      });
      expect(at?.outline).toBe(true);
      reached.add(String(at?.index));
    }
    expect(reached.size).toBe(wanted);
  });
});

describe('on paper', () => {
  it('is light, also for those who like it dark, with enough contrast', async () => {
    const { page } = await show(fullModel(), { colorScheme: 'dark', viewport: PAPER });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    expect(await faults(page)).toEqual([]);
    expect(await figureContrast(page)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(MODELS))('cuts nothing off at the margin: %s', async (_, model) => {
    const { page } = await show(model(), { viewport: PAPER });
    await page.emulateMedia({ media: 'print' });
    const cut = await page.evaluate(
      (width) =>
        [...document.querySelectorAll('main table, main svg, main p, main dl, main li')]
          .filter((element) => element.getBoundingClientRect().right > width + 1)
          .map((element) => `${element.tagName} ${element.textContent.slice(0, 60)}`),
      PAPER.width,
    );
    expect(cut).toEqual([]);
  });

  it('unfolds what is folded, and leaves out what only a screen can do', async () => {
    const { page } = await show(fullModel(), { viewport: PAPER });
    const rows = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('details tbody tr')].filter((row) =>
            row.checkVisibility({ contentVisibilityAuto: true }),
          ).length,
      );
    expect(await rows()).toBe(0);
    await page.emulateMedia({ media: 'print' });
    // Three tables of 44 cells.
    expect(await rows()).toBe(132);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
