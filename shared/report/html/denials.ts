import type { DeniedPair, DeniedTraffic, SuggestedChange, TrafficSignal } from '../../model/denied-traffic.ts';
import { countsText, countText, DENIAL_TONE, DENIAL_WORD, opensText, portText } from '../denials/denials-report.ts';
import { plural } from '../words.ts';
import type { Column } from './data-table.ts';
import { dataTable } from './data-table.ts';
import { denialMap } from './denial-map.ts';
import { time } from './evidence.ts';
import type { Html } from './template.ts';
import { html, link, NOTHING, trusted } from './template.ts';

const LINE_BREAK = trusted('\n');

/** Pairs told in full; all of them stand in the table. */
const MOST_CARDS = 20;

const badge = (pair: DeniedPair): Html =>
  html`<span class="badge ${DENIAL_TONE[pair.class]}">${DENIAL_WORD[pair.class]}</span>`;

/** Line by line: a text is shown only up to a length, and a manifest that was cut would be applied cut. */
const lines = (text: string): readonly Html[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line, index) => html`${index === 0 ? NOTHING : LINE_BREAK}${line}`);

const command = ({ manifest }: SuggestedChange): Html =>
  html`<div class="command">
    <pre tabindex="0" aria-label="Manifest"><code>${lines(manifest)}</code></pre>
  </div>`;

const what = (change: SuggestedChange): string => `${change.titles.join('; ')}; ${opensText(change)}`;

/** The first card shows its manifest, to say that there is one; twenty of them open would bury the denials. */
const suggestions = ({ explanation: { suggestions: changes, noSuggestion } }: DeniedPair, isFirst: boolean): Html => {
  const [first, ...others] = changes;
  if (first === undefined) return html`<p><b>No fix is suggested.</b> ${noSuggestion ?? ''}</p>`;
  return html`<p><b>Fix:</b> ${what(first)}</p>
    ${
      isFirst
        ? command(first)
        : html`<details class="more">
            <summary>Manifest or command</summary>
            ${command(first)}
          </details>`
    }
    ${
      others.length === 0
        ? NOTHING
        : html`<details class="more">
            <summary>${plural(others.length, 'other way', 'other ways')}</summary>
            ${others.map(
              (change) =>
                html`<p><b>Or ${change.scope}:</b> ${what(change)}</p>
                  ${command(change)}`,
            )}
          </details>`
    }`;
};

const card = (pair: DeniedPair, index: number): Html => {
  const { explanation, service } = pair;
  return html`<article class="card split denial" data-card>
    <div class="head">
      ${badge(pair)}
      <h4>${pair.source.label} → ${pair.destination.label} <span class="mono">${portText(pair)}</span></h4>
      <span class="count">${countText(pair)}×</span>
    </div>
    <p class="id">
      ${time(pair.firstSeenAt)} to
      ${time(pair.lastSeenAt)}${service === undefined ? '' : `, through Service ${service.namespace}/${service.name}:${service.port}`}
    </p>
    <div class="body">
      <div>
        ${explanation.summary.map((text) => html`<p>${text}</p>`)}
        ${explanation.suspicions.map(({ text, url }) => html`<p class="quiet">May be: ${text} ${url === undefined ? NOTHING : link('Source', url)}</p>`)}
      </div>
      <div class="side">${suggestions(pair, index === 0)}</div>
    </div>
  </article> `;
};

const PAIR_COLUMNS: readonly Column[] = [
  { label: 'From', width: 'w-half-party' },
  { label: 'To' },
  { label: 'Port', width: 'w-port' },
  { label: 'Lines', width: 'w-count', align: 'right' },
  { label: 'Last seen', width: 'w-when' },
  { label: 'What it comes down to', width: 'w-class' },
];

const pairRow = (pair: DeniedPair): Html =>
  html`<tr>
    <td>${pair.source.label}</td>
    <td data-label="To">${pair.destination.label}</td>
    <td data-label="Port"><code>${portText(pair)}</code></td>
    <td data-label="Lines" class="number">${countText(pair)}</td>
    <td data-label="Last seen">${time(pair.lastSeenAt)}</td>
    <td data-label="Comes down to">${DENIAL_WORD[pair.class]}</td>
  </tr> `;

const signalRow = ({ kind, status, since, values, count }: TrafficSignal): Html =>
  html`<tr>
    <th scope="row">
      <span class="badge ${status === 'active' ? 'fail' : 'none'}">${status === 'active' ? 'ACTIVE' : 'CLEARED'}</span>
    </th>
    <td data-label="Signal"><code>${kind}</code></td>
    <td>${values.what}</td>
    <td data-label="Since">${time(since)}</td>
    <td data-label="Lines" class="number">${count}</td>
  </tr> `;

const SIGNAL_COLUMNS: readonly Column[] = [
  { label: 'State', width: 'w-state' },
  { label: 'Signal', width: 'w-place' },
  { label: 'What' },
  { label: 'Since', width: 'w-when' },
  { label: 'Lines', width: 'w-count', align: 'right' },
];

const read = (traffic: DeniedTraffic): Html => {
  const { from, to, nodes, exact, omitted } = traffic;
  return html`<p class="quiet">
    ${countsText(traffic)}${nodes.length === 0 ? '' : `, from ${plural(nodes.length, 'node')}`}${
      from === undefined || to === undefined ? NOTHING : html`, ${time(from)} to ${time(to)}`
    }.
    ${traffic.counts.lines === 0 ? 'Nothing was read: whether anything was denied is unknown.' : ''}
    ${exact ? '' : 'More distinct flows came than are kept: rare ones may be missing.'}
    ${omitted.pairs === 0 ? '' : `${plural(omitted.pairs, 'more pair')} with ${plural(omitted.lines, 'line')} left out.`}
  </p>`;
};

/** Signals, the map, the pairs in full and all of them in a table. `prefix` keeps ids apart on one page. */
export const denialsBody = (traffic: DeniedTraffic, prefix: string): Html => {
  const { pairs, signals } = traffic;
  const cards = pairs.slice(0, MOST_CARDS);
  return html`${read(traffic)}
  ${signals.length === 0 ? NOTHING : dataTable('Signals in denied traffic', 'signals', SIGNAL_COLUMNS, signals.map(signalRow))}
  ${denialMap(pairs, prefix)} ${cards.map(card)}
  ${
    pairs.length === 0
      ? NOTHING
      : html`<details class="fold" data-fold>
          <summary>All ${plural(pairs.length, 'denied pair')}</summary>
          ${dataTable('Denied pairs', 'pairs', PAIR_COLUMNS, pairs.map(pairRow))}
        </details>`
  }`;
};
