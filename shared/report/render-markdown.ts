import type { Resource } from '../model/outcome.ts';
import type { AuditReport } from '../model/report.ts';
import { changeGroups } from './changes.ts';
import { fixes } from './fix-command.ts';
import { headline, nodesText } from './headline.ts';
import { cellCode, code, codeBlock, link, prose } from './markdown-text.ts';
import { exceptedCount } from './summary.ts';
import type { CheckView, ClusterView, ReportView, Row } from './view.ts';
import { viewReport } from './view.ts';
import {
  ANSWER_WORD,
  day,
  EXCEPTION_WORD,
  moment,
  plural,
  QUESTION,
  REASON_WORD,
  resourceWord,
  severityText,
  STATUS_WORD,
} from './words.ts';

/** Names in one list; the JSON and HTML reports have them all. */
const MOST_NAMES = 10;
const MOST_CHANGES = 30;

const names = (resources: readonly Resource[]): string => {
  const shown = resources.slice(0, MOST_NAMES).map(({ name }) => code(name));
  return shown.join(', ') + (resources.length > MOST_NAMES ? ` and ${resources.length - MOST_NAMES} more` : '');
};

const countText = ({ judged, resource }: CheckView, rows: readonly Row[]): string =>
  rows.every((row) => row.resource.type === resource && row.origin === 'outcome')
    ? `${rows.length} of ${judged} ${resourceWord(resource, judged)}`
    : plural(rows.length, 'result');

const openText = ({ open, excepted, unverified }: ClusterView['summary']): string => {
  const count = exceptedCount({ open, excepted, unverified });
  const parts = [
    severityText(open),
    ...(count === 0 ? [] : [`${count} excepted`]),
    ...(unverified === 0 ? [] : [`${unverified} not verified`]),
  ];
  return parts.filter((part) => part !== '').join(', ') || 'none';
};

const fleet = ({ clusters }: ReportView): readonly string[] => [
  '| Cluster | Region | Account | Answer | Nodes | Open findings |',
  '| --- | --- | --- | --- | --- | --- |',
  ...clusters.map(({ summary }) => {
    const { name, region, account } = summary.cluster;
    const cells = [
      cellCode(name),
      prose(region),
      prose(account),
      `**${ANSWER_WORD[summary.answer]}**`,
      nodesText(summary.nodes),
      openText(summary),
    ];
    return `| ${cells.join(' | ')} |`;
  }),
];

const failing = (cluster: ClusterView, view: CheckView): readonly string[] => {
  const rows = view.rows.fail;
  const groups = [...Map.groupBy(rows, ({ message }) => message.key).values()];
  const excepted = rows.flatMap(({ exception, resource }) =>
    exception === undefined ? [] : [{ exception, resource }],
  );
  return [
    `### ${STATUS_WORD.fail}, ${view.severity}: ${prose(view.title)}`,
    '',
    `${code(view.id)}, ${countText(view, rows)}`,
    '',
    ...groups.map(
      (group) => `- ${names(group.map(({ resource }) => resource))}: ${prose(group[0]?.message.text ?? '')}`,
    ),
    ...excepted.map(
      ({ exception, resource }) =>
        `- Excepted until ${prose(day(exception.expires))} by ${prose(exception.owner)}, ${code(resource.name)}: ${prose(exception.reason)}`,
    ),
    ...(view.check === undefined ? [''] : fix(cluster, view, rows)),
  ];
};

const fix = ({ summary }: ClusterView, { check }: CheckView, rows: readonly Row[]): readonly string[] => {
  if (check === undefined) return [];
  const { text, url } = check.remediation;
  const all = fixes(check.remediation, summary.cluster, rows);
  return [
    '',
    `Fix: ${prose(text)} (${link('documentation', url)})`,
    '',
    ...all.flatMap(({ command, failures }) => [
      ...(all.length === 1 ? [] : [`For ${names(failures.map(({ resource }) => resource))}:`, '']),
      codeBlock(command, 'sh'),
      '',
    ]),
  ];
};

const unknownCause = ({ origin, missing, message }: Row): string => {
  if (origin === 'carried') return 'A finding from an earlier run that this run did not look at';
  if (missing.length === 0) return prose(message.text);
  return missing
    .map(
      ({ fact, reason, source, detail }) =>
        `${cellCode(fact)}: ${REASON_WORD[reason]} (${cellCode(source)}: ${prose(detail)})`,
    )
    .join('; ');
};

const unknownCheck = (view: CheckView, rows: readonly Row[]): string => {
  const open = rows.filter(({ finding }) => finding?.status === 'open').length;
  const onOwn = rows.every(({ resource }) => resource.type === view.resource);
  const parts = [
    view.severity,
    ...(onOwn ? [countText(view, rows)] : []),
    ...(open === 0 ? [] : [`${plural(open, 'open finding')} not verified`]),
  ];
  return `${cellCode(view.id)} (${parts.join(', ')})`;
};

const unknown = (cluster: ClusterView): readonly string[] => {
  const rows = cluster.checks.flatMap((view) => view.rows['not-evaluated'].map((row) => ({ view, row })));
  if (rows.length === 0) return [];
  const lines = [...Map.groupBy(rows, ({ row }) => unknownCause(row))].map(([cause, all]) => {
    const checks = [...Map.groupBy(all, ({ view }) => view)].map(([view, own]) =>
      unknownCheck(
        view,
        own.map(({ row }) => row),
      ),
    );
    return `| ${cause} | ${checks.join(', ')} |`;
  });
  return [
    `### ${STATUS_WORD['not-evaluated']}`,
    '',
    '| What could not be read | Checks that could not be evaluated |',
    '| --- | --- |',
    ...lines,
    '',
  ];
};

const restText = ({ outcomes }: ClusterView['summary']): readonly string[] => {
  const parts = [
    ...(outcomes.pass === 0 ? [] : [`${STATUS_WORD.pass} ${outcomes.pass}`]),
    ...(outcomes.notApplicable === 0 ? [] : [`${STATUS_WORD['not-applicable']} ${outcomes.notApplicable}`]),
  ];
  return parts.length === 0 ? [] : [parts.join(', '), ''];
};

const clusterSection = (cluster: ClusterView): readonly string[] => {
  const { summary, versions, checks } = cluster;
  const { name, region, account } = summary.cluster;
  const place = [
    prose(region),
    `account ${prose(account)}`,
    `Kubernetes ${prose(versions.kubernetes ?? 'unknown')}`,
    `VPC CNI ${prose(versions.cni ?? 'unknown')}`,
  ];
  const none = checks.length === 0 ? ['No check was evaluated: nothing is known.', ''] : [];
  return [
    `## ${code(name)}`,
    '',
    `**${ANSWER_WORD[summary.answer]}.** ${nodesText(summary.nodes)}. ${place.join(', ')}.`,
    '',
    ...none,
    ...checks.filter(({ rows }) => rows.fail.length > 0).flatMap((view) => failing(cluster, view)),
    ...unknown(cluster),
    ...restText(summary),
    '',
  ];
};

const changes = ({ report }: ReportView): readonly string[] => {
  const groups = changeGroups(report);
  const lines = groups
    .slice(0, MOST_CHANGES)
    .map(
      ({ kind, cluster, check, resources }) =>
        `- ${kind}: ${code(cluster.name)}, ${code(check)} on ${names(resources)}`,
    );
  const more = groups.length > MOST_CHANGES ? [`- and ${groups.length - MOST_CHANGES} more`] : [];
  return ['## Changed in this run', '', ...(groups.length === 0 ? ['Nothing.'] : [...lines, ...more]), ''];
};

const exceptions = ({ report }: ReportView): readonly string[] => {
  if (report.exceptions.length === 0) return [];
  const lines = report.exceptions.map(({ exception, state, findings }) => {
    const where = [exception.cluster, exception.resource].flatMap((part) =>
      part === undefined ? [] : [cellCode(part)],
    );
    const cells = [
      EXCEPTION_WORD[state],
      cellCode(exception.check),
      where.length === 0 ? 'everywhere' : where.join(' '),
      prose(exception.owner),
      prose(exception.reason),
      prose(day(exception.expires)),
      String(findings.length),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '## Exceptions',
    '',
    '| State | Check | Where | Owner | Reason | Expires | Findings |',
    '| --- | --- | --- | --- | --- | --- | --: |',
    ...lines,
    '',
  ];
};

const unreadable = ({ report }: ReportView): readonly string[] =>
  report.unreadable.length === 0
    ? []
    : [
        '## Could not be read',
        '',
        ...report.unreadable.map(({ path, problem }) => `- ${code(path)}: ${prose(problem)}`),
        '',
      ];

/** The report as GitHub Flavored Markdown, for a pull request or a wiki. Everything from outside is inert text. */
export const renderMarkdown = (report: AuditReport): string => {
  const view = viewReport(report);
  const { word, text } = headline(view.summary);
  return [
    `# ${QUESTION}`,
    '',
    `**${word}.** ${text}`,
    '',
    `Netpol Warden ${prose(report.tool.version)}, ${prose(moment(report.generatedAt))}`,
    '',
    ...unreadable(view),
    ...(view.clusters.length === 0 ? [] : [...fleet(view), '']),
    ...view.clusters.flatMap(clusterSection),
    ...changes(view),
    ...exceptions(view),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
};
