import type { Status } from '../../model/outcome.ts';
import type { Headline } from '../headline.ts';
import { headline, nodesText, nodeTotal } from '../headline.ts';
import type { NodeCounts } from '../summary.ts';
import { exceptedCount, openCount } from '../summary.ts';
import type { ClusterView, ReportView } from '../view.ts';
import { moment, plural, QUESTION, SEVERITIES_DOWN, STATUS_WORD } from '../words.ts';
import { answerBadge } from './badge.ts';
import type { Tone } from './badge.ts';
import type { Column } from './data-table.ts';
import { dataTable } from './data-table.ts';
import type { Html } from './template.ts';
import { html, NOTHING } from './template.ts';

const WORD_TONE: { readonly [W in Headline['word']]: Tone } = {
  NO: 'fail',
  UNKNOWN: 'unknown',
  YES: 'pass',
  'NOTHING AUDITED': 'none',
};

export const top = ({ report, summary }: ReportView): Html => {
  const { word, text } = headline(summary);
  return html`<header class="top">
    <div class="wide">
      <p class="line">
        <span><b>Netpol Warden</b> audit report</span> <span>${moment(report.generatedAt)}</span>
      </p>
      <h1>${QUESTION}</h1>
      <p class="answer"><strong class="is-${WORD_TONE[word]}">${word}</strong> <span>${text}</span></p>
      <nav aria-label="Sections">
        <ul>
          <li><a href="#fleet">Fleet</a></li>
          <li><a href="#changes">Changed in this run</a></li>
          <li><a href="#results">Results by cluster</a></li>
          <li><a href="#exceptions">Exceptions</a></li>
          <li><a href="#checks">Checks</a></li>
        </ul>
      </nav>
    </div>
  </header> `;
};

const BAR_WIDTH = 132;

/** Decoration beside the words; what is unknown is dashed, not filled. */
const bar = (nodes: NodeCounts): Html => {
  const total = nodeTotal(nodes);
  const blind = nodes.population === 'unlisted' && total === 0;
  const parts = [
    { kind: 'broken', count: nodes.notEnforced },
    { kind: 'unknown', count: blind ? 1 : nodes.unknown },
    { kind: 'enforced', count: nodes.enforced },
  ].filter(({ count }) => count > 0);
  const scale = BAR_WIDTH / Math.max(1, blind ? 1 : total);
  const drawn = parts.reduce<readonly { readonly x: number; readonly width: number; readonly kind: string }[]>(
    (done, { kind, count }) => {
      const last = done.at(-1);
      return [...done, { x: last === undefined ? 0 : last.x + last.width, width: count * scale, kind }];
    },
    [],
  );
  const rectangles = drawn.map(
    ({ x, width, kind }) =>
      html`<rect
        class="${kind}"
        x="${(x + 0.5).toFixed(1)}"
        y="0.5"
        width="${Math.max(1, width - 2).toFixed(1)}"
        height="7"
      />`,
  );
  return html`<svg class="bar" viewBox="0 0 ${BAR_WIDTH} 8" aria-hidden="true" focusable="false">
    ${drawn.length === 0 ? html`<rect class="none" x="0.5" y="0.5" width="${BAR_WIDTH - 1}" height="7" />` : rectangles}
  </svg>`;
};

const findings = (summary: ClusterView['summary']): Html => {
  const excepted = exceptedCount(summary);
  if (openCount(summary) + excepted === 0) return html`<span class="quiet">none</span>`;
  return html`<span class="counts"
    >${SEVERITIES_DOWN.filter((severity) => summary.open[severity] > 0).map(
      (severity) => html`<span class="sev ${severity}">${summary.open[severity]} ${severity}</span>`,
    )}${excepted === 0 ? NOTHING : html`<span class="quiet">${excepted} excepted</span>`}${
      summary.unverified === 0 ? NOTHING : html`<span class="quiet">${summary.unverified} not verified</span>`
    }</span
  >`;
};

const clusterRow = ({ key, summary, versions }: ClusterView): Html => {
  const { name, region, account } = summary.cluster;
  return html`<tr>
    <th scope="row"><a href="#${key}">${name}</a><small>${region} ${account}</small></th>
    <td>${answerBadge(summary.answer)}</td>
    <td>${bar(summary.nodes)}${nodesText(summary.nodes)}</td>
    <td data-label="Open findings">${findings(summary)}</td>
    <td data-label="Kubernetes">${versions.kubernetes ?? html`<span class="quiet">unknown</span>`}</td>
    <td data-label="VPC CNI">${versions.cni ?? html`<span class="quiet">unknown</span>`}</td>
  </tr> `;
};

const unreadable = ({ report }: ReportView): Html =>
  report.unreadable.length === 0
    ? NOTHING
    : html`<div class="alert">
        <h2>${plural(report.unreadable.length, 'input')} could not be read</h2>
        <ul>
          ${report.unreadable.map(({ path, problem }) => html`<li><code>${path}</code>: ${problem}</li>`)}
        </ul>
      </div>`;

const FLEET_COLUMNS: readonly Column[] = [
  { label: 'Cluster', width: 'w-cluster' },
  { label: 'Answer', width: 'w-answer' },
  { label: 'Nodes' },
  { label: 'Open findings', width: 'w-findings' },
  { label: 'Kubernetes', width: 'w-version' },
  { label: 'VPC CNI', width: 'w-cni' },
];

/** Every cluster and its answer, the worst first: what a tired reader needs. */
export const fleetSection = (view: ReportView): Html =>
  html`<section class="block wide" id="fleet" aria-labelledby="fleet-title">
    <h2 id="fleet-title">Fleet</h2>
    ${unreadable(view)}
    ${
      view.clusters.length === 0
        ? html`<p>No cluster was audited.</p>`
        : dataTable('The answer for each cluster', 'fleet', FLEET_COLUMNS, view.clusters.map(clusterRow))
    }
  </section> `;

const STATUSES: readonly Status[] = ['fail', 'not-evaluated', 'pass', 'not-applicable'];

const chip = (name: string, value: string, label: string): Html =>
  html`<label class="chip"><input type="checkbox" name="${name}" value="${value}" /><span>${label}</span></label>`;

/** Hidden until the script runs: without it the whole report is shown and there is nothing to filter with. */
export const filterForm = ({ clusters, summary }: ReportView): Html => {
  const { pass, fail, notApplicable, notEvaluated } = summary.fleet.outcomes;
  const carried =
    clusters.flatMap(({ checks }) => checks.flatMap(({ rows }) => rows['not-evaluated'])).length - notEvaluated;
  const counts: { readonly [S in Status]: number } = {
    pass,
    fail,
    'not-applicable': notApplicable,
    'not-evaluated': notEvaluated + carried,
  };
  return html`<form class="filter" id="filter" role="search" aria-label="Filter the results" hidden>
    <div class="wide">
      <fieldset>
        <legend>Status</legend>
        ${STATUSES.map((status) => chip('status', status, `${STATUS_WORD[status]} ${counts[status]}`))}
      </fieldset>
      <fieldset>
        <legend>Severity</legend>
        ${SEVERITIES_DOWN.map((severity) => chip('severity', severity, severity))}
      </fieldset>
      <span class="break"></span>
      <span class="field">
        <label for="filter-cluster">Cluster</label>
        <select id="filter-cluster" name="cluster">
          <option value="">all</option>
          ${clusters.map(({ key, summary: { cluster } }) => html`<option value="${key}">${cluster.name}</option>`)}
        </select>
      </span>
      <span class="field">
        <label for="filter-text">Text</label>
        <input
          type="search"
          id="filter-text"
          name="text"
          autocomplete="off"
          spellcheck="false"
          aria-keyshortcuts="/"
          title="Press / to come here"
        />
      </span>
      <button type="reset">Clear</button>
      <p id="shown" role="status" aria-live="polite"></p>
    </div>
  </form> `;
};
