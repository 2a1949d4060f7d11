import { nodesText } from '../headline.ts';
import { ENFORCED_CHECK } from '../summary.ts';
import type { CheckView, ClusterView, Gap, Row } from '../view.ts';
import { allRows } from '../view.ts';
import { plural, REASON_SENTENCE, REASON_WORD, resourceWord } from '../words.ts';
import { answerBadge, severityWord, statusBadge } from './badge.ts';
import type { Column } from './data-table.ts';
import { dataTable } from './data-table.ts';
import { denialsBody } from './denials.ts';
import { fix } from './fix.ts';
import { missingList, time } from './evidence.ts';
import { nodeTable, resultTable, unknownTable } from './rows.ts';
import type { Html } from './template.ts';
import { html, NOTHING } from './template.ts';

const countText = ({ judged, resource }: CheckView, rows: readonly Row[]): string =>
  rows.every((row) => row.origin === 'outcome' && row.resource.type === resource)
    ? `${rows.length} of ${judged} ${resourceWord(resource, judged)}`
    : plural(rows.length, 'result');

const head = (view: CheckView, rows: readonly Row[], badge: Html): Html =>
  html`<div data-head>
    <div class="head">
      ${badge} ${severityWord(view.severity)}
      <h4>${view.title}</h4>
      <span class="count">${countText(view, rows)}</span>
    </div>
    <p class="id"><code>${view.id}</code></p>
  </div>`;

const failCard = (cluster: ClusterView, view: CheckView): Html => {
  const rows = view.rows.fail;
  return html`<article class="card split" data-card data-holder>
    ${head(view, rows, statusBadge('fail'))}
    <div class="body">
      <div>${resultTable(rows, cluster.key, `Failing: ${view.title}`)}</div>
      <div class="side">
        ${view.check === undefined ? NOTHING : html`<p><b>Why it matters.</b> ${view.check.rationale}</p>`}${fix(cluster, view, rows)}
      </div>
    </div>
  </article> `;
};

const card = (cluster: ClusterView, view: CheckView, status: 'pass' | 'not-applicable'): Html => {
  const rows = view.rows[status];
  return html`<article class="card" data-card data-holder>
    ${head(view, rows, statusBadge(status))}
    <div class="body">${resultTable(rows, cluster.key, view.title)}</div>
  </article> `;
};

const causeOf = ({ origin, missing, message }: Row): string =>
  JSON.stringify(origin === 'carried' ? 'carried' : missing.length === 0 ? message.text : missing);

/** What could not be read is said once, with every check that went without an answer for it. */
const unknownCards = (cluster: ClusterView, views: readonly CheckView[]): readonly Html[] => {
  const entries = views.flatMap((view) => view.rows['not-evaluated'].map((row) => ({ view, row })));
  return [...Map.groupBy(entries, ({ row }) => causeOf(row)).values()].map((same) => {
    const row = same[0]?.row;
    const why = row === undefined ? NOTHING : row.origin === 'carried' ? CARRIED : missingList(row.missing);
    const text =
      row === undefined || row.origin === 'carried' || row.missing.length > 0
        ? NOTHING
        : html`<p>${row.message.text}</p>`;
    return html`<article class="card" data-card data-holder>
      <div class="head" data-head>
        ${statusBadge('not-evaluated')}
        <div class="cause">${why}${text}</div>
        <span class="count">${plural(same.length, 'result')}</span>
      </div>
      <div class="body">${unknownTable(same, cluster.key)}</div>
    </article> `;
  });
};

const CARRIED = html`<p>Findings of an earlier run that this run did not look at.</p>`;

const group = (title: string, cards: readonly Html[]): Html =>
  cards.length === 0
    ? NOTHING
    : html`<div class="group" data-holder>
        <h3>${title}</h3>
        ${cards}
      </div>`;

const fold = (badge: Html, text: string, cards: readonly Html[]): Html =>
  cards.length === 0
    ? NOTHING
    : html`<details class="fold" data-fold data-holder>
        <summary>${badge} ${text}</summary>
        ${cards}
      </details>`;

/** The composed check stands first and shows every node, whatever its status. */
const chain = (cluster: ClusterView, view: CheckView): Html => {
  const failing = view.rows.fail;
  const beside =
    failing.length === 0 || view.check === undefined
      ? NOTHING
      : html`<div class="side">
          <div>
            <p><b>Why it matters.</b> ${view.check.rationale}</p>
          </div>
          <div>${fix(cluster, view, failing)}</div>
        </div>`;
  return html`<div class="group" data-holder>
    <article class="card chain" data-card>
      <div data-head>
        <div class="head">
          ${severityWord(view.severity)}
          <h4>${view.title}</h4>
        </div>
        <p class="id"><code>${view.id}</code></p>
      </div>
      <div class="body">${nodeTable(allRows(view), cluster.key, cluster.report.snapshot)}${beside}</div>
    </article>
  </div> `;
};

const gapRow = ({ fact, unobserved: { reason, detail, source, observedAt }, blocks }: Gap): Html =>
  html`<tr>
    <th scope="row"><code>${fact}</code></th>
    <td>
      <b>${REASON_WORD[reason]}</b>. ${REASON_SENTENCE[reason]}<br /><span class="quiet"
        ><code>${source}</code>: ${detail}</span
      >
    </td>
    <td data-label="When">${time(observedAt)}</td>
    <td data-label="Not evaluated for it">
      ${
        blocks.length === 0
          ? 'nothing'
          : html`${blocks.map((check, index) => html`${index === 0 ? '' : ', '}<code>${check}</code>`)}`
      }
    </td>
  </tr> `;

const GAP_COLUMNS: readonly Column[] = [
  { label: 'Fact', width: 'w-fact' },
  { label: 'Why' },
  { label: 'When', width: 'w-when' },
  { label: 'Not evaluated for it', width: 'w-blocks' },
];

const gaps = ({ gaps: all }: ClusterView): Html => {
  if (all.length === 0) return NOTHING;
  const blocking = all.filter(({ blocks }) => blocks.length > 0).length;
  const ordered = all.toSorted((a, b) => b.blocks.length - a.blocks.length);
  return html`<details class="fold">
    <summary>
      What could not be read: ${plural(all.length, 'fact')}
      <span class="quiet"
        >${blocking === 0 ? 'no check went without an answer for it' : `${blocking} of them left checks without an answer`}</span
      >
    </summary>
    ${dataTable('Facts that could not be read, and why', 'gaps', GAP_COLUMNS, ordered.map(gapRow))}
  </details>`;
};

/** What the verdict logs told, where some were read. */
const deniedTraffic = ({ key, report }: ClusterView): Html => {
  const fact = report.snapshot.facts['verdicts.denied-traffic'];
  if (fact.state !== 'observed') return NOTHING;
  return html`<div class="group denied">
    <h3>Denied traffic</h3>
    ${denialsBody(fact.value, key)}
  </div>`;
};

const resultsText = (views: readonly CheckView[], status: 'pass' | 'not-applicable'): string => {
  const count = views.reduce((total, { rows }) => total + rows[status].length, 0);
  return `${plural(count, 'result')} of ${plural(views.length, 'check')}`;
};

const place = ({ summary: { cluster }, versions, report }: ClusterView): Html =>
  html`<p class="place">
    ${cluster.region}, account ${cluster.account}, Kubernetes ${versions.kubernetes ?? 'unknown'}, VPC CNI
    ${versions.cni ?? 'unknown'}, read ${time(report.evaluation.takenAt)}
  </p>`;

export const clusterSection = (cluster: ClusterView): Html => {
  const { key, summary, checks } = cluster;
  const composed = checks.find(({ id }) => id === ENFORCED_CHECK);
  const others = checks.filter(({ id }) => id !== ENFORCED_CHECK);
  const having = (status: 'fail' | 'not-evaluated' | 'pass' | 'not-applicable') =>
    others.filter(({ rows }) => rows[status].length > 0);
  return html`<section class="cluster" id="${key}" data-cluster-section data-holder aria-labelledby="${key}-name">
    <header>
      <div class="line">
        <h2 id="${key}-name">${summary.cluster.name}</h2>
        ${answerBadge(summary.answer)}<span>${nodesText(summary.nodes)}</span>
      </div>
      ${place(cluster)}
    </header>
    ${checks.length === 0 ? html`<p class="group">No check was evaluated on this cluster: nothing is known about it.</p>` : NOTHING}
    ${composed === undefined ? NOTHING : chain(cluster, composed)}
    ${group(
      'Failing checks',
      having('fail').map((view) => failCard(cluster, view)),
    )}
    ${group('Unknown: checks that could not be evaluated', unknownCards(cluster, having('not-evaluated')))}
    ${deniedTraffic(cluster)} ${gaps(cluster)}
    ${fold(
      statusBadge('pass'),
      resultsText(having('pass'), 'pass'),
      having('pass').map((view) => card(cluster, view, 'pass')),
    )}
    ${fold(
      statusBadge('not-applicable'),
      resultsText(having('not-applicable'), 'not-applicable'),
      having('not-applicable').map((view) => card(cluster, view, 'not-applicable')),
    )}
  </section> `;
};
