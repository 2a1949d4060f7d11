import type { Resource } from '../model/outcome.ts';
import { fixes } from './fix-command.ts';
import { nodesText } from './headline.ts';
import { cellCode, code, codeBlock, link, prose } from './markdown-text.ts';
import type { CheckView, ClusterView, Row } from './view.ts';
import { ANSWER_WORD, day, plural, REASON_WORD, resourceWord, STATUS_WORD } from './words.ts';

/** Names in one list; the JSON and HTML reports have them all. */
const MOST_NAMES = 10;

export const names = (resources: readonly Resource[]): string => {
  const shown = resources.slice(0, MOST_NAMES).map(({ name }) => code(name));
  return shown.join(', ') + (resources.length > MOST_NAMES ? ` and ${resources.length - MOST_NAMES} more` : '');
};

const countText = ({ judged, resource }: CheckView, rows: readonly Row[]): string =>
  rows.every((row) => row.resource.type === resource && row.origin === 'outcome')
    ? `${rows.length} of ${judged} ${resourceWord(resource, judged)}`
    : plural(rows.length, 'result');

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

/** One cluster: the answer, what fails with its fix, what is unknown and why, and the rest as counts. */
export const clusterSection = (cluster: ClusterView): readonly string[] => {
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
