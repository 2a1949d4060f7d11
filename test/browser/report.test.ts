import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../shared/report/html/render-html.ts';
import { benignReport, hostileReport, largeReport, sampleReport, worstReport } from '../support/report-sample.ts';
import { PAYLOADS } from '../report/sample/hostile.ts';
import { isSkipped, launchChromium, type Opened, openWatched, overflow } from './chromium.ts';

describe.skipIf(isSkipped)('the HTML report in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  let directory: string;
  const files = new Map<string, string>();

  beforeAll(async () => {
    browser = await launchChromium();
    directory = await mkdtemp(join(tmpdir(), 'netpol-warden-report-'));
    const reports = {
      sample: sampleReport(),
      benign: benignReport(),
      worst: worstReport(),
      script: hostileReport(PAYLOADS[0] ?? ''),
      large: largeReport(),
    };
    for (const [name, report] of Object.entries(reports)) {
      const file = join(directory, `${name}.html`);
      await writeFile(file, renderHtml(report));
      files.set(name, pathToFileURL(file).href);
    }
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  const open = async (name: string, options: BrowserContextOptions = {}, hash = ''): Promise<Opened> =>
    openWatched(browser, (files.get(name) ?? '') + hash, (url) => url.startsWith('file:') || url === 'data:,', options);

  const matching = (page: Page): Promise<number> => page.locator('[data-row]:not([hidden])').count();
  const announced = (page: Page): Promise<string | null> => page.locator('#shown').textContent();
  const chip = (page: Page, label: string) => page.getByRole('checkbox', { name: label, exact: true });

  describe('opened', () => {
    it('asks for nothing, logs nothing, and announces how much there is', async () => {
      const { page, surprises } = await open('sample');
      expect(await announced(page)).toBe('Showing all 100 results');
      expect(await page.title()).toBe('NetworkPolicy enforced: NO, 2026-11-20, Netpol Warden');
      expect(surprises).toEqual([]);
    });

    it('has its landmarks and names its tables', async () => {
      const { page } = await open('sample');
      for (const role of ['banner', 'main', 'contentinfo', 'search'] as const) {
        expect(await page.getByRole(role).count()).toBe(1);
      }
      const fleet = page.getByRole('table', { name: 'The answer for each cluster' });
      expect(await fleet.getByRole('row').count()).toBe(7);
      expect(await fleet.getByRole('rowheader', { name: 'payments-prod us-west-2 111122223333' }).count()).toBe(1);
    });

    it('without scripts shows everything and no filter', async () => {
      const { page } = await open('sample', { javaScriptEnabled: false });
      expect(await page.getByRole('search').count()).toBe(0);
      expect(await matching(page)).toBe(100);
      expect(await page.getByRole('button').count()).toBe(0);
    });
  });

  describe('the filter', () => {
    it('by status', async () => {
      const { page } = await open('sample');
      await chip(page, 'FAIL 12').check();
      expect(await matching(page)).toBe(12);
      expect(await announced(page)).toBe('Showing 12 of 100 results');
      await chip(page, 'UNKNOWN 12').check();
      expect(await matching(page)).toBe(24);
      await chip(page, 'FAIL 12').uncheck();
      expect(await matching(page)).toBe(12);
      // Only the two clusters with something unknown are left.
      expect(await page.locator('[data-cluster-section]:visible').count()).toBe(2);
    });

    it.each([
      ['critical', 32],
      ['high', 50],
      ['medium', 6],
      ['low', 6],
      ['informational', 6],
    ])('by severity %s', async (severity, expected) => {
      const { page } = await open('sample');
      await chip(page, severity).check();
      expect(await matching(page)).toBe(expected);
    });

    it('by cluster', async () => {
      const { page } = await open('sample');
      await page.getByLabel('Cluster', { exact: true }).selectOption({ label: 'batch-dev' });
      expect(await matching(page)).toBe(22);
      expect(await page.locator('[data-cluster-section]:visible h2').allTextContents()).toEqual(['batch-dev']);
    });

    it('by words, anywhere in the row, its check or its cluster', async () => {
      const { page } = await open('sample');
      const text = page.getByLabel('Text', { exact: true });
      await text.fill('CANNOT pin');
      expect(await matching(page)).toBe(2);
      await text.fill('payments-prod event-logs');
      expect(await matching(page)).toBe(1);
      await text.fill('no such thing');
      expect(await matching(page)).toBe(0);
      expect(await announced(page)).toBe('Showing 0 of 100 results');
      await text.fill('');
      expect(await announced(page)).toBe('Showing all 100 results');
    });

    it('by several at once, opens what it finds, and folds it again', async () => {
      const { page } = await open('sample');
      await chip(page, 'PASS 70').check();
      await chip(page, 'medium').check();
      expect(await matching(page)).toBe(4);
      expect(await page.locator('[data-row]:visible').count()).toBe(4);
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByText('Showing all 100 results').waitFor();
      expect(await page.locator('[data-row]:visible').count()).toBe(40);
    });

    it('is kept in the address, and taken from it', async () => {
      const { page } = await open('sample');
      await chip(page, 'FAIL 12').check();
      await chip(page, 'high').check();
      await page.getByLabel('Text', { exact: true }).fill('10-0-1-13');
      expect(await page.evaluate('location.hash')).toBe('#status=fail&severity=high&text=10-0-1-13');
      await page.reload();
      expect(await announced(page)).toBe('Showing 1 of 100 results');
      const again = await open('sample', {}, '#status=fail+not-evaluated&cluster=c3');
      expect(await announced(again.page)).toBe('Showing 8 of 100 results');
    });

    it('takes no harm from an address that somebody made up', async () => {
      const { page, surprises } = await open(
        'sample',
        {},
        '#status=x"]<b>&severity=&cluster=zz&text=%3Cimg%20onerror%3D1%3E',
      );
      expect(await announced(page)).toBe('Showing 0 of 100 results');
      const plain = await open('sample', {}, '#c2');
      expect(await announced(plain.page)).toBe('Showing all 100 results');
      expect([...surprises, ...plain.surprises]).toEqual([]);
    });

    it('works with the keyboard alone', async () => {
      const { page } = await open('sample');
      await page.keyboard.press('/');
      await page.keyboard.type('agent-enabled');
      expect(await matching(page)).toBe(25);
      await page.keyboard.press('/');
      expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('agent-enabled/');
      await page.keyboard.press('Backspace');
      await chip(page, 'FAIL 12').focus();
      await page.keyboard.press('Space');
      expect(await matching(page)).toBe(2);
      const evidence = page.locator('[data-row]:visible details.evidence').first();
      await evidence.locator('summary').focus();
      await page.keyboard.press('Enter');
      expect(await evidence.locator('dd.value').first().isVisible()).toBe(true);
    });

    it('reaches its controls in reading order, the skip link first', async () => {
      const { page } = await open('sample');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the results');
      await chip(page, 'N/A 6').focus();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.value')).toBe('critical');
    });
  });

  describe('a command', () => {
    it('is copied exactly', async () => {
      const { page } = await open('sample', { permissions: ['clipboard-read', 'clipboard-write'] });
      await page.getByRole('button', { name: 'Copy' }).first().click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
        'aws eks update-addon --cluster-name payments-prod --addon-name vpc-cni --resolve-conflicts PRESERVE --configuration-values \'{"enableNetworkPolicy":"true"}\'',
      );
    });
  });

  describe('on other screens and on paper', () => {
    it('is dark where the reader asks for dark, and light on paper even then', async () => {
      const { page } = await open('sample', { colorScheme: 'dark' });
      const background = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(await background()).toBe('rgb(18, 21, 24)');
      await page.emulateMedia({ media: 'print' });
      expect(await background()).toBe('rgb(255, 255, 255)');
    });

    it.each(['sample', 'worst'])('is no wider than a phone of 360 pixels (%s)', async (name) => {
      const { page } = await open(name, { viewport: { width: 360, height: 740 }, isMobile: true });
      await page.evaluate(
        "document.querySelectorAll('.cluster, .card').forEach((part) => { part.style.contentVisibility = 'visible'; })",
      );
      await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
      expect(await overflow(page)).toBe(0);
    });

    it.each([768, 1024, 1920])('is no wider than a window of %i pixels', async (width) => {
      const { page } = await open('worst', { viewport: { width, height: 800 } });
      await page.evaluate(
        "document.querySelectorAll('.cluster, .card').forEach((part) => { part.style.contentVisibility = 'visible'; })",
      );
      expect(await overflow(page)).toBe(0);
    });

    it('moves nothing for a reader who asked for less motion', async () => {
      const { page } = await open('sample', { reducedMotion: 'reduce' });
      expect(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior')).toBe('auto');
    });

    it('prints what is folded on the screen, and not the controls', async () => {
      const { page } = await open('sample');
      const folded = page.locator('details.fold dd.value').first();
      expect(await folded.isVisible()).toBe(false);
      await page.emulateMedia({ media: 'print' });
      expect(await folded.isVisible()).toBe(true);
      expect(await page.getByRole('button', { name: 'Clear' }).isVisible()).toBe(false);
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.length).toBeGreaterThan(50_000);
    });
  });

  describe('hostile text', () => {
    const SHAPE = `JSON.stringify(Array.from(document.querySelectorAll('*:not(.word)'), (element) =>
      element.tagName + ' ' + element.getAttributeNames().join(' ')).sort())`;

    it.each(['worst', 'script'])('runs nothing, asks for nothing and makes no element (%s)', async (name) => {
      const { page, surprises } = await open(name);
      expect(await page.evaluate('window.__pwned')).toBe(undefined);
      expect(surprises).toEqual([]);
      const benign = await open('benign');
      expect(await page.evaluate(SHAPE)).toBe(await benign.page.evaluate(SHAPE));
    });

    it('can be searched and opened without coming alive', async () => {
      const { page, surprises } = await open('script');
      await page.getByLabel('Text', { exact: true }).fill('<script>window.__pwned=1;alert(1)</script>');
      expect(await matching(page)).toBe(100);
      await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
      expect(await page.evaluate('window.__pwned')).toBe(undefined);
      expect(surprises).toEqual([]);
    });

    it('would not run even if a handler slipped in: the policy stops it', async () => {
      const { page, surprises } = await open('sample');
      await page.evaluate(
        `document.querySelector('main').insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.__pwned = 1">')`,
      );
      await page.waitForFunction('Array.from(document.images).every((image) => image.complete)');
      expect(await page.evaluate('window.__pwned')).toBe(undefined);
      expect(surprises.join()).toContain(
        'Executing inline event handler violates the following Content Security Policy',
      );
    });
  });

  describe('five thousand results', () => {
    it('can be filtered, and only the first of a long list are open', async () => {
      const { page, surprises } = await open('large');
      expect(await announced(page)).toBe('Showing all 5050 results');
      expect(await page.locator('[data-cluster-section]').first().locator('.chain > tbody > tr:visible').count()).toBe(
        20,
      );
      await chip(page, 'critical').check();
      await page.getByLabel('Text', { exact: true }).fill('cluster-7 bpffs is not');
      expect(await announced(page)).toBe('Showing 24 of 5050 results');
      expect(await page.locator('[data-row]:visible').count()).toBe(24);
      expect(surprises).toEqual([]);
    });
  });
});
