/** Takes the README's picture from report.html: `npm run demo && npm run screenshot`. Needs Chromium. */
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = await browser.newPage({ viewport: { width: 1120, height: 600 }, deviceScaleFactor: 1.5 });
await page.goto(pathToFileURL('report.html').href);
await page.screenshot({ path: 'docs/images/report.png' });
await browser.close();
