import type { Check, Severity } from '../model/check.ts';
import { clusterArn } from '../model/cluster.ts';
import type { AuditReport } from '../model/report.ts';
import { inert } from './text.ts';
import { type ClusterView, type Row, viewReport } from './view.ts';

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html */

const LEVEL: { readonly [S in Severity]: 'error' | 'warning' | 'note' } = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  informational: 'note',
};

/** https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object */
const SCORE: { readonly [S in Severity]: string } = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  informational: '0.0',
};

const rule = ({ id, title, severity, rationale, remediation, references }: Check) => ({
  id,
  shortDescription: { text: `${title}.` },
  fullDescription: { text: rationale },
  help: { text: `${remediation.text}\n\n${remediation.command}\n\n${remediation.url}` },
  helpUri: remediation.url,
  defaultConfiguration: { level: LEVEL[severity] },
  properties: {
    'security-severity': SCORE[severity],
    severity,
    tags: ['security', 'kubernetes', 'network-policy'],
    references: references.map(({ standard, control, url }) => ({ standard, control, url })),
  },
});

/** A relative URI without any sign of its own meaning, whatever the name. */
const uriOf = ({ report }: ClusterView, { resource }: Row): string => {
  const { partition, account, region, name } = report.evaluation.cluster;
  return ['clusters', partition, account, region, name, resource.type, resource.name]
    .map((part) => encodeURIComponent(inert(part)))
    .join('/');
};

const textOf = (row: Row): string => {
  const { unverifiedSince } = row.finding ?? {};
  const text = inert(row.message.text);
  if (row.status === 'fail') return text;
  const since = unverifiedSince === undefined ? '' : ` since ${unverifiedSince}`;
  return `Could not be looked at${since}. It was failing before: this is not a pass. ${text}`;
};

const result = (view: ClusterView, row: Row, index: number) => {
  const { finding, exception, resource } = row;
  const isFail = row.status === 'fail';
  return {
    ruleId: row.check,
    ...(index < 0 ? {} : { ruleIndex: index }),
    // `open`: "insufficient information to decide whether a problem exists" (§3.27.9), which must have no level.
    kind: isFail ? 'fail' : 'open',
    level: !isFail ? 'none' : row.severity === 'unrated' ? 'warning' : LEVEL[row.severity],
    message: { text: textOf(row) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(view, row) }, region: { startLine: 1 } },
        logicalLocations: [
          {
            name: inert(resource.name),
            fullyQualifiedName: inert(`${clusterArn(view.report.evaluation.cluster)}/${resource.type}/${resource.id}`),
            kind: 'resource',
          },
        ],
      },
    ],
    ...(finding === undefined ? {} : { partialFingerprints: { 'findingId/v1': inert(finding.id) } }),
    ...(exception === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: inert(`${exception.owner}, until ${exception.expires}: ${exception.reason}`),
            },
          ],
        }),
    properties: {
      cluster: clusterArn(view.report.evaluation.cluster),
      evidence: row.evidence.map(({ fact, path, value, grade, source, observedAt }) => ({
        fact,
        path: inert(path),
        value: inert(value),
        grade,
        source: inert(source),
        observedAt: inert(observedAt),
      })),
    },
  };
};

/** What could not be looked at, by the tool's own account: no result says "not a pass, not a fail" that every reader minds. */
const notification = (view: ClusterView, row: Row, index: number) => ({
  level: 'warning',
  message: {
    text: inert(
      `${view.report.evaluation.cluster.name}, ${row.check}, ${row.resource.name}: could not be evaluated. ${row.message.text}`,
    ),
  },
  associatedRule: { id: row.check, ...(index < 0 ? {} : { index }) },
});

/**
 * One run: a result for each failure, with the finding's id as fingerprint, and one of kind `open` for each finding that
 * could not be looked at again, so that no reader takes its absence for a fix.
 */
export const renderSarif = (report: AuditReport): string => {
  const { clusters } = viewReport(report);
  const indexOf = new Map(report.checks.map(({ id }, index) => [id, index]));
  const rows = clusters.flatMap((view) =>
    view.checks.flatMap(({ rows: { fail, 'not-evaluated': unknown } }) =>
      [...fail, ...unknown].map((row) => ({ view, row, index: indexOf.get(row.check) ?? -1 })),
    ),
  );
  const sarif = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'netpol-warden', version: report.tool.version, rules: report.checks.map(rule) } },
        automationDetails: { id: 'netpol-warden/' },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.unreadable.length === 0,
            endTimeUtc: report.generatedAt,
            toolExecutionNotifications: [
              ...rows
                .filter(({ row }) => row.status === 'not-evaluated')
                .map(({ view, row, index }) => notification(view, row, index)),
              ...report.unreadable.map(({ path, problem }) => ({
                level: 'error',
                message: { text: inert(`${path}: ${problem}`) },
              })),
            ],
          },
        ],
        results: rows
          .filter(({ row }) => row.status === 'fail' || row.finding?.status === 'open')
          .map(({ view, row, index }) => result(view, row, index)),
      },
    ],
  };
  return `${JSON.stringify(sarif, undefined, 2)}\n`;
};
