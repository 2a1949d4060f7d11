/** Takes the README's pictures from report.html: `npm run demo && npm run screenshot`. Needs Chromium. */
import { pathToFileURL } from 'node:url';
import { launchChromium } from './chromium.ts';

const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1120, height: 600 }, deviceScaleFactor: 1.5 });
await page.goto(pathToFileURL('report.html').href);
await page.screenshot({ path: 'docs/images/report.png' });
// The map and the first denials of one cluster; the filter would lie over them.
await page.setViewportSize({ width: 1120, height: 1000 });
await page.evaluate(`
  for (const part of document.querySelectorAll('.cluster, .card')) part.style.contentVisibility = 'visible';
  document.querySelector('.filter').style.display = 'none';
  const section = Array.from(document.querySelectorAll('[data-cluster-section]')).find(
    (each) => each.querySelector('h2').textContent === 'shop-prod');
  const top = section.querySelector('.legend').getBoundingClientRect().top + scrollY;
  scrollTo({ top: top - 16, behavior: 'instant' });`);
await page.screenshot({ path: 'docs/images/denials.png' });
await browser.close();
