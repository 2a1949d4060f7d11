import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderDenialsHtml } from '../../shared/report/denials/render-denials-html.ts';
import { panelsOf } from '../../shared/report/html/denial-map.ts';
import { manyPairs, reportOf, trafficOf } from '../report/denials/sample-traffic.ts';
import { isSkipped, launchChromium, type Opened, openWatched, overflow } from './chromium.ts';

const PAIRS = manyPairs(500);

describe.skipIf(isSkipped)('the map of 500 denied pairs in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  let directory: string;
  let address: string;

  beforeAll(async () => {
    browser = await launchChromium();
    directory = await mkdtemp(join(tmpdir(), 'netpol-warden-denials-'));
    const file = join(directory, 'denials.html');
    await writeFile(file, renderDenialsHtml(reportOf(trafficOf(PAIRS))));
    address = pathToFileURL(file).href;
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  const open = async (options: BrowserContextOptions = {}): Promise<Opened> =>
    openWatched(browser, address, (url) => url === address, options);

  it('draws a line for every pair, in one panel a destination', async () => {
    const { page, surprises } = await open();
    expect(await page.locator('svg.map').count()).toBe(panelsOf(PAIRS).length);
    expect(await page.locator('svg.map .edge').count()).toBe(500);
    expect(surprises).toEqual([]);
  });

  it('keeps every label inside its panel and off every other label', async () => {
    const { page } = await open();
    const faults = await page.evaluate(`
      Array.from(document.querySelectorAll('svg.map')).flatMap((map) => {
        const frame = map.getBoundingClientRect();
        const boxes = Array.from(map.querySelectorAll('text'), (text) => [text.textContent, text.getBoundingClientRect()]);
        const outside = boxes.filter(([, box]) => box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom);
        const meeting = boxes.filter(([, a], index) => boxes.slice(index + 1).some(([, b]) =>
          a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom));
        return [...outside, ...meeting].map(([text]) => text);
      })`);
    expect(faults).toEqual([]);
  });

  it.each([360, 768, 1024, 1920])('makes the page no wider than a window of %i pixels', async (width) => {
    const { page } = await open({ viewport: { width, height: 800 }, isMobile: width < 500 });
    await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
    await page.evaluate(
      "document.querySelectorAll('.card').forEach((part) => { part.style.contentVisibility = 'visible'; })",
    );
    expect(await overflow(page)).toBe(0);
  });

  it('fits on paper, with every manifest unfolded', async () => {
    const { page } = await open({ viewport: { width: 794, height: 1123 } });
    await page.emulateMedia({ media: 'print' });
    const wide = await page.evaluate(`
      Array.from(document.querySelectorAll('svg.map')).filter((map) =>
        map.getBoundingClientRect().width > map.parentElement.getBoundingClientRect().width).length`);
    expect(wide).toBe(0);
    expect(await page.locator('details.more pre').first().isVisible()).toBe(true);
  });

  /** What a pointed-at or focused end makes of the map that it stands in. */
  const lit = async (page: Page): Promise<readonly unknown[]> => [
    await page.locator('svg.map.dim').count(),
    await page.locator('svg.map .end.on[data-side=from]').count(),
    await page.evaluate(
      "new Set(Array.from(document.querySelectorAll('svg.map .edge.on'), (edge) => edge.dataset.from)).size",
    ),
  ];

  it('shows the lines of an end that is pointed at, and no longer than that', async () => {
    const { page, surprises } = await open();
    const end = page.locator('svg.map').first().locator('.end[data-side=from]').first();
    const index = await end.getAttribute('data-index');
    await end.locator('text').hover();
    expect(await lit(page)).toEqual([1, 1, 1]);
    const own = await page.locator('svg.map').first().locator(`.edge[data-from="${index}"]`).count();
    expect(own).toBeGreaterThan(0);
    expect(await page.locator('svg.map .edge.on').count()).toBe(own);
    await page.mouse.move(2, 2);
    expect(await lit(page)).toEqual([0, 0, 0]);
    expect(surprises).toEqual([]);
  });

  it('shows the lines of an end that has the focus, one after the other with the keyboard', async () => {
    const { page } = await open();
    const ends = page.locator('svg.map').first().locator('.end');
    await ends.first().focus();
    expect(await lit(page)).toEqual([1, 1, 1]);
    await page.keyboard.press('Tab');
    expect(await ends.nth(1).getAttribute('class')).toBe('end on');
    expect(await ends.first().getAttribute('class')).toBe('end');
  });

  it('says of each line between whom it is, and of each end its whole name', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    const [first] = panelsOf(PAIRS)[0]?.pairs ?? [];
    const title = await page.locator('svg.map .edge title').first().textContent();
    expect(title?.startsWith(`${first?.source.label} → ${first?.destination.label} `)).toBe(true);
    expect(await page.locator('svg.map .end:not(:has(title))').count()).toBe(0);
  });

  it('is drawn in the colours of a dark screen, and legible there', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    const colour = (selector: string, property: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${property}`);
    const ink = await colour('body', 'color');
    expect(await colour('svg.map text', 'fill')).toBe(ink);
    expect(await colour('svg.map .edge.fail', 'stroke')).not.toBe(await colour('body', 'backgroundColor'));
  });
});
