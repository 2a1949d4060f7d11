import { clusterArn } from '../../model/cluster.ts';
import { denialsBody } from '../html/denials.ts';
import { COPY_SCRIPT, MAP_SCRIPT } from '../html/denial-script.ts';
import { time } from '../html/evidence.ts';
import { htmlPage } from '../html/page.ts';
import { html, NOTHING } from '../html/template.ts';
import { day, plural } from '../words.ts';
import type { DenialsReport } from './denials-report.ts';

/** Denied traffic of one cluster as one file that needs nothing else. The same report gives the same bytes. */
export const renderDenialsHtml = ({ tool, generatedAt, cluster, traffic, inputs }: DenialsReport): string => {
  const faulty = inputs.filter(({ problems }) => problems.length > 0);
  const count = traffic.pairs.length + traffic.omitted.pairs;
  return htmlPage(
    `Denied traffic of ${cluster?.name ?? 'an unnamed cluster'}, ${day(generatedAt)}, Netpol Warden`,
    COPY_SCRIPT + MAP_SCRIPT,
    html`<header class="top">
        <div class="wide">
          <div class="line">
            <span><b>Netpol Warden</b> ${tool.version}</span><span>${time(generatedAt)}</span>
          </div>
          <h1>What was denied?</h1>
          <p class="answer">
            <strong>${plural(count, 'denied pair')}</strong>
            <span
              >${cluster === undefined ? 'No snapshot was given: addresses have no names.' : clusterArn(cluster)}</span
            >
          </p>
        </div>
      </header>
      <main>
        <div class="wide">
          ${
            faulty.length === 0
              ? NOTHING
              : html`<div class="alert">
                  <h2>Could not be read in full</h2>
                  <ul>
                    ${faulty.map(({ name, problems }) => html`<li><code>${name}</code>: ${problems.join('; ')}</li>`)}
                  </ul>
                </div>`
          }
          <section class="block">${denialsBody(traffic, 'denied')}</section>
        </div>
      </main>
      <footer><div class="wide">Read from the verdict logs of the network policy agent.</div></footer>`,
  );
};
