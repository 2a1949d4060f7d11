import type { AuditReport } from '../model/report.ts';
import { changeGroups } from './changes.ts';
import { headline, nodesText } from './headline.ts';
import { clusterSection, names } from './markdown-cluster.ts';
import { cellCode, code, prose } from './markdown-text.ts';
import { exceptedCount } from './summary.ts';
import type { ClusterView, ReportView } from './view.ts';
import { viewReport } from './view.ts';
import { ANSWER_WORD, day, EXCEPTION_WORD, moment, QUESTION, severityText } from './words.ts';

const MOST_CHANGES = 30;

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
