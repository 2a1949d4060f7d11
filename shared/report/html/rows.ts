import type { Node } from '../../model/facts-kubernetes.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { CheckView, Row } from '../view.ts';
import { day } from '../words.ts';
import { severityWord, statusBadge } from './badge.ts';
import { evidenceList, missingList } from './evidence.ts';
import type { Column } from './data-table.ts';
import { dataTable } from './data-table.ts';
import type { Html } from './template.ts';
import { html, name, NOTHING } from './template.ts';

/** Rows of one table before the rest is folded. */
const OPEN_ROWS = 20;

const newTag = ({ change }: Row): Html => {
  if (change === 'opened') return html` <span class="tag">new in this run</span>`;
  return change === 'reopened' ? html` <span class="tag">reopened in this run</span>` : NOTHING;
};

const findingNote = ({ origin, status, finding }: Row): string => {
  if (finding === undefined) return '';
  const verified = finding.unverifiedSince === undefined ? '' : `, not verified since ${day(finding.unverifiedSince)}`;
  const open = `A finding of an earlier run, open since ${day(finding.openedAt)}${verified}`;
  if (origin === 'carried') return `${open}. This run did not look at it.`;
  if (status === 'not-evaluated')
    return finding.status === 'open' ? `${open}. Nobody knows whether it still holds.` : '';
  if (status === 'fail' && finding.status !== 'open') return 'A newer run than this one has ended the finding.';
  return status !== 'fail' && finding.status === 'open' ? 'A newer run than this one found this failing.' : '';
};

const message = (row: Row): Html =>
  html`<p>${row.message.text}${newTag(row)}</p>
    ${missingList(row.missing)}${notes(row)}`;

const notes = (row: Row): Html => {
  const { exception } = row;
  const note = findingNote(row);
  return html`${note === '' ? NOTHING : html`<p class="note">${note}</p>`}${
    exception === undefined
      ? NOTHING
      : html`<p class="note">
          <span class="tag">EXCEPTED</span> until ${day(exception.expires)} by ${exception.owner}: ${exception.reason}
        </p>`
  }${evidenceList(row.evidence)}`;
};

const isOpen = ({ status, finding }: Row): boolean => finding?.status === 'open' && status !== 'pass';

const since = (row: Row): Html => {
  const { finding } = row;
  if (finding === undefined || !isOpen(row)) return html`<td class="since"></td>`;
  const first =
    finding.firstSeenAt === finding.openedAt
      ? NOTHING
      : html`<br /><span class="quiet">first ${day(finding.firstSeenAt)}</span>`;
  return html`<td class="since" data-label="Open since">
    <time datetime="${finding.openedAt}">${day(finding.openedAt)}</time>${first}
  </td>`;
};

const resultRow = (row: Row, cluster: string, cells: Html): Html =>
  html`<tr data-row data-status="${row.status}" data-severity="${row.severity}" data-cluster="${cluster}">
    ${cells}
  </tr> `;

/** The table, and a folded second one for what is too much to read at once. */
const folded = <R>(rows: readonly R[], noun: string, table: (rows: readonly R[]) => Html): Html => {
  const rest = rows.slice(OPEN_ROWS);
  return html`${table(rows.slice(0, OPEN_ROWS))}${
    rest.length === 0
      ? NOTHING
      : html`<details class="more" data-fold data-holder>
          <summary>${rest.length} more ${noun}</summary>
          ${table(rest)}
        </details>`
  }`;
};

const RESULT_COLUMNS: readonly Column[] = [{ label: 'Resource', width: 'w-name' }, { label: 'What was found' }];
const SINCE: Column = { label: 'Open since', width: 'w-since' };

/** Results of one check: what, why, and since when where a finding is open. */
export const resultTable = (rows: readonly Row[], cluster: string, caption: string): Html => {
  const dated = rows.some(isOpen);
  const cells = (row: Row): Html =>
    html`<th scope="row">${name(row.resource.name)}</th>
      <td>${message(row)}</td>
      ${dated ? since(row) : NOTHING}`;
  return folded(rows, 'results', (some) =>
    dataTable(
      caption,
      'rows',
      dated ? [...RESULT_COLUMNS, SINCE] : RESULT_COLUMNS,
      some.map((row) => resultRow(row, cluster, cells(row))),
    ),
  );
};

const UNKNOWN_COLUMNS: readonly Column[] = [
  { label: 'Check', width: 'w-half' },
  { label: 'Severity', width: 'w-severity' },
  { label: 'Resource and what was still seen' },
  SINCE,
];

/** Results that are unknown for one and the same reason, which stands above them. */
export const unknownTable = (
  entries: readonly { readonly view: CheckView; readonly row: Row }[],
  cluster: string,
): Html => {
  const cells = ({ view, row }: (typeof entries)[number]): Html =>
    html`<th scope="row">${view.title}<br /><code class="quiet">${view.id}</code></th>
      <td>${severityWord(row.severity)}</td>
      <td>
        ${name(row.resource.name)}${row.origin === 'carried' ? html`<p>${row.message.text}</p>` : NOTHING}${notes(row)}
      </td>
      ${since(row)}`;
  return folded(entries, 'results', (some) =>
    dataTable(
      'Checks that could not be evaluated',
      'rows',
      UNKNOWN_COLUMNS,
      some.map((entry) => resultRow(entry.row, cluster, cells(entry))),
    ),
  );
};

const nodesOf = ({ facts }: Snapshot): ReadonlyMap<string, Node> => {
  const nodes = facts['kubernetes.nodes'];
  return new Map(nodes.state === 'observed' ? nodes.value.map((node) => [`${node.name}/${node.uid}`, node]) : []);
};

const NODE_COLUMNS: readonly Column[] = [
  { label: 'Node', width: 'w-name' },
  { label: 'Answer', width: 'w-answer' },
  { label: 'First broken link, or what is known' },
  { label: 'System', width: 'w-system' },
  SINCE,
];

/** The chain: one row for each node, with the first broken link or what it rests on. */
export const nodeTable = (rows: readonly Row[], cluster: string, snapshot: Snapshot): Html => {
  const nodes = nodesOf(snapshot);
  const system = (id: string): Html => {
    const node = nodes.get(id);
    return node === undefined ? NOTHING : html`${node.osImage}<br />${node.kernelVersion}`;
  };
  const cells = (row: Row): Html =>
    html`<th scope="row">${row.resource.type === 'node' ? name(row.resource.name) : 'every node'}</th>
      <td>${statusBadge(row.status)}</td>
      <td>${message(row)}</td>
      <td class="system">${system(row.resource.id)}</td>
      ${since(row)}`;
  return folded(rows, 'nodes', (some) =>
    dataTable(
      'Whether each node enforces NetworkPolicy, and the first broken link',
      'rows chain',
      NODE_COLUMNS,
      some.map((row) => resultRow(row, cluster, cells(row))),
    ),
  );
};
