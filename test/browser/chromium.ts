import { existsSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const REQUIRED = (process.env['CI'] ?? '') !== '' || process.env['REQUIRE_CHROMIUM'] === '1';

/** Where a browser is required and missing, the launch fails and every test with it. */
export const isSkipped = !existsSync(CHROMIUM) && !REQUIRED;

export const launchChromium = async (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export interface Opened {
  readonly page: Page;
  /** Console messages, page errors, dialogs and requests for anything else: nothing of it may happen. */
  readonly surprises: readonly string[];
}

/** Opens a page in a context of its own. `isExpected`: of the URL of a request. */
export const openWatched = async (
  browser: Browser,
  address: string,
  isExpected: (url: string) => boolean,
  options: BrowserContextOptions = {},
): Promise<Opened> => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
  const surprises: string[] = [];
  page.on('console', (message) => surprises.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => surprises.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!isExpected(request.url())) surprises.push(`request: ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    surprises.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  return { page, surprises };
};

/** Pixels by which the page is wider than the window, which is never right: only the matrix may scroll, inside itself. */
export const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
