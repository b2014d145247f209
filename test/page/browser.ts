import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const PLACES = [
  process.env['HPS_BENCH_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Starts the machine's own Chromium, headless. @throws Error saying how to get one */
export async function startBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined)
    throw new Error('no Chromium on this machine: apt-get install chromium, or set HPS_BENCH_CHROMIUM to its path');
  // Chromium's own sandbox refuses root; the pages are ours and load nothing.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

/** A page open in the browser, with everything that it asked for or complained about. */
export interface OpenPage {
  readonly page: Page;
  /** Addresses requested besides the page itself. */
  readonly requests: string[];
  /** Errors, warnings and violations of the page's policy. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Opens a page as a reader does who got the one file by mail: from disk, without a network. */
export async function open(browser: Browser, html: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), 'hps-bench-page-'));
  const file = join(folder, 'report.html');
  writeFileSync(file, html);
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return {
    page,
    requests,
    complaints,
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true });
    },
  };
}
