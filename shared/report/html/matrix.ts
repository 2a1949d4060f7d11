import type { Status } from '../../model/outcome.ts';
import type { CheckView, ReportView } from '../view.ts';
import { STATUS_WORD } from '../words.ts';
import { STATUS_TONE } from './badge.ts';
import type { Html } from './template.ts';
import { html } from './template.ts';

const WORST_FIRST: readonly Status[] = ['fail', 'not-evaluated', 'pass', 'not-applicable'];

/** The worst status there is, and on how many resources. */
const cell = (view: CheckView | undefined): Html => {
  const status = WORST_FIRST.find((status) => (view?.rows[status].length ?? 0) > 0);
  if (view === undefined || status === undefined) return html`<td class="quiet">not run</td>`;
  return html`<td>
    <span class="is-${STATUS_TONE[status]}">${STATUS_WORD[status]}</span> ${view.rows[status].length}
  </td>`;
};

/** Check by cluster, the worst clusters first. It scrolls inside its own box. */
export const matrix = ({ clusters, summary }: ReportView): Html =>
  html`<div class="matrix-wrap" role="region" aria-label="Matrix of checks and clusters" tabindex="0">
    <table class="matrix">
      <caption class="vh">
        The worst status of each check in each cluster, and on how many resources
      </caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          ${clusters.map(({ key, summary: { cluster } }) => html`<th scope="col"><a href="#${key}">${cluster.name}</a></th>`)}
        </tr>
      </thead>
      <tbody>
        ${summary.checks.map(
          ({ check }) =>
            html`<tr>
              <th scope="row"><code>${check}</code></th>
              ${clusters.map(({ checks }) => cell(checks.find(({ id }) => id === check)))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
