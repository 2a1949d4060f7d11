import { clusterArn } from '../model/cluster.ts';
import { remediationCommand } from '../model/check.ts';
import type { AuditReport } from '../model/report.ts';
import { evidencePath } from './evidence-path.ts';
import { fixCommand } from './fix-command.ts';
import { inert, inertLines } from './text.ts';
import { type CheckView, type ClusterView, type Row, viewReport } from './view.ts';

const ESCAPE: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPE[character] ?? character);

/** `inert` leaves none of the characters that XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets */
const attribute = (text: string): string => escape(inert(text));

const content = (lines: readonly string[]): string => escape(lines.map(inertLines).join('\n'));

interface Case {
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
  readonly xml: string;
}

const details = ({ check }: CheckView, row: Row, view: ClusterView): readonly string[] => [
  row.message.text,
  ...row.evidence.map((piece) => `${piece.grade}: ${evidencePath(piece)} = ${piece.value} (${piece.source})`),
  ...row.missing.map(({ fact, reason, detail }) => `could not read ${fact}: ${reason}: ${detail}`),
  ...(row.status !== 'fail' || check === undefined
    ? []
    : [
        `fix: ${check.remediation.text}`,
        fixCommand(remediationCommand(check.remediation, row.message.key), view.report.evaluation.cluster, [
          row.resource,
        ]),
      ]),
];

const caseOf = (view: ClusterView, check: CheckView, row: Row): Case => {
  const open = `    <testcase classname="${attribute(`${view.report.evaluation.cluster.name}.${check.id}`)}" name="${attribute(`${row.resource.type} ${row.resource.name}`)}"`;
  const message = attribute(row.message.text);
  const body = (element: string, type: string): string =>
    `${open}>\n      <${element} message="${message}" type="${attribute(type)}">${content(details(check, row, view))}</${element}>\n    </testcase>\n`;
  const skipped = (why: string): Case => ({
    kind: 'skipped',
    xml: `${open}>\n      <skipped message="${attribute(why)}"/>\n    </testcase>\n`,
  });
  const { exception } = row;
  if (exception !== undefined && row.status !== 'pass') {
    return skipped(`excepted by ${exception.owner} until ${exception.expires}: ${exception.reason}`);
  }
  switch (row.status) {
    case 'pass':
      return { kind: 'passed', xml: `${open}/>\n` };
    case 'fail':
      return { kind: 'failure', xml: body('failure', check.severity) };
    case 'not-evaluated':
      return { kind: 'error', xml: body('error', 'not-evaluated') };
    case 'not-applicable':
      return skipped(`not applicable: ${row.message.text}`);
  }
};

const counts = (cases: readonly Case[]): string => {
  const of = (kind: Case['kind']): number => cases.filter((each) => each.kind === kind).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
};

const suite = (name: string, takenAt: string, id: string, cases: readonly Case[]): string =>
  [
    `  <testsuite name="${attribute(name)}" id="${attribute(id)}" ${counts(cases)} timestamp="${attribute(takenAt)}">\n`,
    ...cases.map(({ xml }) => xml),
    '  </testsuite>\n',
  ].join('');

/**
 * JUnit XML: a suite for each cluster, a test case for each result. What could not be looked at is an `error`, which no
 * reader takes for a pass; what is excepted or does not apply is `skipped`. https://github.com/testmoapp/junitxml
 */
export const renderJunit = (report: AuditReport): string => {
  const suites = viewReport(report).clusters.map((view) => ({
    name: view.report.evaluation.cluster.name,
    id: clusterArn(view.report.evaluation.cluster),
    takenAt: view.report.evaluation.takenAt,
    cases: view.checks.flatMap((check) =>
      Object.values(check.rows).flatMap((rows) => rows.map((row) => caseOf(view, check, row))),
    ),
  }));
  const unread = report.unreadable.map(({ path, problem }): Case => ({
    kind: 'error',
    xml: `    <testcase classname="input" name="${attribute(path)}">\n      <error message="${attribute(problem)}" type="unreadable"/>\n    </testcase>\n`,
  }));
  const all =
    unread.length === 0
      ? suites
      : [...suites, { name: 'inputs', id: 'inputs', takenAt: report.generatedAt, cases: unread }];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="netpol-warden" ${counts(all.flatMap(({ cases }) => cases))}>\n`,
    ...all.map(({ name, takenAt, id, cases }) => suite(name, takenAt, id, cases)),
    '</testsuites>\n',
  ].join('');
};
