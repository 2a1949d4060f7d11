import type { AuditReport } from '../../model/report.ts';
import { headline } from '../headline.ts';
import { viewReport } from '../view.ts';
import { day } from '../words.ts';
import { changesSection, checksSection, closing, exceptionsSection } from './closing.ts';
import { clusterSection } from './cluster.ts';
import { MAP_SCRIPT } from './denial-script.ts';
import { filterForm, fleetSection, top } from './overview.ts';
import { htmlPage } from './page.ts';
import { SCRIPT } from './script.ts';
import { html } from './template.ts';

/** The report as one file that needs nothing else. It reads no clock: the same report gives the same bytes. */
export const renderHtml = (report: AuditReport): string => {
  const view = viewReport(report);
  const { word } = headline(view.summary);
  return htmlPage(
    `NetworkPolicy enforced: ${word}, ${day(report.generatedAt)}, Netpol Warden`,
    SCRIPT + MAP_SCRIPT,
    html`<a class="skip" href="#results">Skip to the results</a>
      ${top(view)}
      <main>
        ${fleetSection(view)}${changesSection(view)}${filterForm(view)}
        <div class="wide" id="results">
          ${view.clusters.map(clusterSection)}${exceptionsSection(view)}${checksSection(view)}
        </div>
      </main>
      ${closing(view)}`,
  );
};
