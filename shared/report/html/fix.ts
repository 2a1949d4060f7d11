import { fixes } from '../fix-command.ts';
import type { CheckView, ClusterView, Row } from '../view.ts';
import type { Html } from './template.ts';
import { html, link, name, NOTHING, words } from './template.ts';

const MOST_NAMES = 3;

/** Whom a command is for, where a check needs more than one. */
const namesOf = (rows: readonly Row[]): Html => {
  const names = rows
    .slice(0, MOST_NAMES)
    .map(({ resource }, index) => html`${index === 0 ? '' : ', '}${name(resource.name)}`);
  return html`${names}${rows.length > MOST_NAMES ? ` and ${rows.length - MOST_NAMES} more` : ''}`;
};

/** What to do, the exact commands, where to run them, and whose word it is. */
export const fix = ({ summary: { cluster } }: ClusterView, { check }: CheckView, rows: readonly Row[]): Html => {
  if (check === undefined) return NOTHING;
  const { text, url } = check.remediation;
  const all = fixes(check.remediation, cluster, rows);
  return html`<p><b>Fix.</b> ${text}</p>
    ${all.map(
      ({ command, failures }) =>
        html`${all.length === 1 ? NOTHING : html`<p class="where">For ${namesOf(failures)}:</p>`}
          <div class="command">
            <pre tabindex="0" aria-label="Command"><code>${words(command)}</code></pre>
          </div>`,
    )}
    <p class="where">
      For ${cluster.name} in ${cluster.region}, account ${cluster.account}. ${link('Official documentation', url)}
    </p>`;
};
