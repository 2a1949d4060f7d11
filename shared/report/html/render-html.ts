import { createHash } from 'node:crypto';
import type { AuditReport } from '../../model/report.ts';
import { headline } from '../headline.ts';
import { viewReport } from '../view.ts';
import { day } from '../words.ts';
import { changesSection, checksSection, closing, exceptionsSection } from './closing.ts';
import { clusterSection } from './cluster.ts';
import { filterForm, fleetSection, top } from './overview.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { html, trusted } from './template.ts';

/** https://www.w3.org/TR/CSP3/#grammardef-hash-source */
const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Nothing is fetched, nothing but this style sheet and this script runs; an attribute that is a handler does not. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashSource(STYLE)}`,
  `script-src ${hashSource(SCRIPT)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

// Put together here, byte for byte as hashed: a formatter lays out the markup of a template anew.
const STYLE_ELEMENT = trusted(`<style>${STYLE}</style>`);
const SCRIPT_ELEMENT = trusted(`<script>${SCRIPT}</script>`);

/** The report as one file that needs nothing else. It reads no clock: the same report gives the same bytes. */
export const renderHtml = (report: AuditReport): string => {
  const view = viewReport(report);
  const { word } = headline(view.summary);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>NetworkPolicy enforced: ${word}, ${day(report.generatedAt)}, Netpol Warden</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}
      </head>
      <body>
        <a class="skip" href="#results">Skip to the results</a>
        ${top(view)}
        <main>
          ${fleetSection(view)}${changesSection(view)}${filterForm(view)}
          <div class="wide" id="results">
            ${view.clusters.map(clusterSection)}${exceptionsSection(view)}${checksSection(view)}
          </div>
        </main>
        ${closing(view)} ${SCRIPT_ELEMENT}
      </body>
    </html> `.toString();
};
