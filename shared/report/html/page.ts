import { createHash } from 'node:crypto';
import { STYLE } from './style.ts';
import type { Html } from './template.ts';
import { html, trusted } from './template.ts';

/** https://www.w3.org/TR/CSP3/#grammardef-hash-source */
const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Nothing is fetched, nothing but this style sheet and this script runs; an attribute that is a handler does not. */
const policyOf = (script: string): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(STYLE)}`,
    `script-src ${hashSource(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** One file that needs nothing else. `script` is a constant of this program. */
export const htmlPage = (title: string, script: string, body: Html): string => {
  // Put together here, byte for byte as hashed: a formatter lays out the markup of a template anew.
  const style = trusted(`<style>${STYLE}</style>`);
  const scripts = trusted(`<script>${script}</script>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${trusted(policyOf(script))}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${style}
      </head>
      <body>
        ${body} ${scripts}
      </body>
    </html> `.toString();
};
