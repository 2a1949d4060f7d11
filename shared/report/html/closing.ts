import type { ExceptionUse } from '../../model/exception.ts';
import { STANDARDS } from '../../model/standards.ts';
import type { ChangeGroup } from '../changes.ts';
import { changeCounts, changeGroups } from '../changes.ts';
import type { CheckSummary } from '../summary.ts';
import { openCount } from '../summary.ts';
import type { ReportView } from '../view.ts';
import { day, EXCEPTION_WORD, moment } from '../words.ts';
import { severityWord } from './badge.ts';
import type { Column } from './data-table.ts';
import { dataTable } from './data-table.ts';
import { matrix } from './matrix.ts';
import type { Html } from './template.ts';
import { html, link, name as resourceName, NOTHING } from './template.ts';

const MOST_NAMES = 20;

const changeRow = ({ kind, cluster, check, resources }: ChangeGroup): Html => {
  const shown = resources.slice(0, MOST_NAMES);
  const more = resources.length > MOST_NAMES ? html` and ${resources.length - MOST_NAMES} more` : NOTHING;
  return html`<tr>
    <th scope="row"><span class="tag">${kind}</span></th>
    <td>${cluster.name}</td>
    <td><code>${check}</code></td>
    <td>${shown.map(({ name }, index) => html`${index === 0 ? '' : ', '}${resourceName(name)}`)}${more}</td>
  </tr> `;
};

const CHANGE_COLUMNS: readonly Column[] = [
  { label: 'Change', width: 'w-change' },
  { label: 'Cluster', width: 'w-place' },
  { label: 'Check', width: 'w-check' },
  { label: 'Resources' },
];

/** More than this many lines stand folded: a first run opens everything there is. */
const OPEN_CHANGES = 8;

export const changesSection = ({ report }: ReportView): Html => {
  const groups = changeGroups(report);
  const caption = 'Findings that this run opened, reopened, resolved or closed';
  const table = dataTable(caption, 'changes', CHANGE_COLUMNS, groups.map(changeRow));
  const counts = changeCounts(groups);
  return html`<section class="block wide" id="changes" aria-labelledby="changes-title">
    <h2 id="changes-title">Changed in this run</h2>
    ${
      groups.length === 0
        ? html`<p>Nothing was opened, reopened, resolved or closed.</p>`
        : groups.length > OPEN_CHANGES
          ? html`<details class="more">
              <summary>${counts}</summary>
              ${table}
            </details>`
          : html`<p class="quiet">${counts}</p>
              ${table}`
    }
  </section> `;
};

const EXCEPTION_COLUMNS: readonly Column[] = [
  { label: 'State', width: 'w-state' },
  { label: 'Check', width: 'w-check' },
  { label: 'Cluster', width: 'w-place' },
  { label: 'Resource', width: 'w-place' },
  { label: 'Owner and reason' },
  { label: 'Expires', width: 'w-day' },
  { label: 'Findings', width: 'w-count', align: 'right' },
];

const exceptionRow = ({ exception, state, findings }: ExceptionUse): Html =>
  html`<tr>
    <th scope="row"><span class="badge ${state === 'active' ? 'none' : 'unknown'}">${EXCEPTION_WORD[state]}</span></th>
    <td><code>${exception.check}</code></td>
    <td data-label="Cluster">${exception.cluster ?? 'every'}</td>
    <td data-label="Resource">${exception.resource ?? 'every'}</td>
    <td>${exception.owner}: ${exception.reason}</td>
    <td data-label="Expires">${day(exception.expires)}</td>
    <td class="number" data-label="Findings">${findings.length}</td>
  </tr> `;

export const exceptionsSection = ({ report }: ReportView): Html =>
  html`<section class="block" id="exceptions" aria-labelledby="exceptions-title">
    <h2 id="exceptions-title">Exceptions</h2>
    ${
      report.exceptions.length === 0
        ? html`<p>There are none.</p>`
        : dataTable(
            'Exceptions and whether they hold',
            'exceptions',
            EXCEPTION_COLUMNS,
            report.exceptions.map(exceptionRow),
          )
    }
  </section> `;

const checkRow = ({ report }: ReportView, summary: CheckSummary): Html => {
  const check = report.checks.find(({ id }) => id === summary.check);
  const { pass, fail, notApplicable, notEvaluated } = summary.outcomes;
  const references = (check?.references ?? []).map(
    ({ standard, control, url, readOn }) =>
      html`<li>
        ${STANDARDS[standard].title}, ${STANDARDS[standard].version}: ${link(control, url)}
        <span class="quiet">read ${readOn}</span>
      </li>`,
  );
  return html`<tr>
    <th scope="row">
      <code>${summary.check}</code>${check === undefined ? NOTHING : html`<br />${check.title}`}${
        references.length === 0
          ? NOTHING
          : html`<ul class="references">
              ${references}
            </ul>`
      }
    </th>
    <td>${check === undefined ? 'retired' : severityWord(check.severity)}</td>
    <td class="number" data-label="FAIL">${fail}</td>
    <td class="number" data-label="UNKNOWN">${notEvaluated}</td>
    <td class="number" data-label="PASS">${pass}</td>
    <td class="number" data-label="N/A">${notApplicable}</td>
    <td class="number" data-label="Open findings">${openCount(summary)}</td>
  </tr> `;
};

const CHECK_COLUMNS: readonly Column[] = [
  { label: 'Check and references' },
  { label: 'Severity', width: 'w-severity' },
  { label: 'FAIL', width: 'w-count', align: 'right' },
  { label: 'UNKNOWN', width: 'w-count', align: 'right' },
  { label: 'PASS', width: 'w-count', align: 'right' },
  { label: 'N/A', width: 'w-count', align: 'right' },
  { label: 'Open findings', width: 'w-severity', align: 'right' },
];

/** What was tested, how it came out over the whole fleet, and on whose word the condition stands. */
export const checksSection = (view: ReportView): Html =>
  html`<section class="block" id="checks" aria-labelledby="checks-title">
    <h2 id="checks-title">Checks</h2>
    ${view.clusters.length < 2 ? NOTHING : matrix(view)}
    ${dataTable(
      'Outcomes of each check over all clusters, and its references',
      'checks',
      CHECK_COLUMNS,
      view.summary.checks.map((summary) => checkRow(view, summary)),
    )}
  </section> `;

export const closing = ({ report }: ReportView): Html =>
  html`<footer>
    <div class="wide">
      <p>
        Netpol Warden ${report.tool.version}, generated ${moment(report.generatedAt)}. Times are UTC. UNKNOWN means that
        something could not be read: it is neither a pass nor a failure.
      </p>
    </div>
  </footer> `;
