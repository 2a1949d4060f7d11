import { clusterArn, type ClusterRef } from '../model/cluster.ts';
import type { AuditReport } from '../model/report.ts';
import { csvRecord } from './csv-record.ts';
import { evidencePath } from './evidence-path.ts';
import { fixCommand } from './fix-command.ts';
import { remediationCommand } from '../model/check.ts';
import { type CheckView, type Row, viewReport } from './view.ts';
import { STATUS_WORD } from './words.ts';

const COLUMNS: readonly string[] = [
  'cluster_arn',
  'cluster',
  'account',
  'region',
  'check',
  'severity',
  'resource_type',
  'resource',
  'resource_id',
  'status',
  'message',
  'could_not_read',
  'evidence',
  'fix',
  'finding_id',
  'finding_status',
  'first_seen',
  'opened',
  'unverified_since',
  'exception_owner',
  'exception_expires',
];

const rowRecord = (cluster: ClusterRef, { id, check }: CheckView, row: Row): string => {
  const { finding, exception, resource, message, status } = row;
  return csvRecord([
    clusterArn(cluster),
    cluster.name,
    cluster.account,
    cluster.region,
    id,
    row.severity,
    resource.type,
    resource.name,
    resource.id,
    STATUS_WORD[status],
    message.text,
    row.missing.map(({ fact, reason }) => `${fact}: ${reason}`).join('; '),
    row.evidence.map((piece) => `${evidencePath(piece)} = ${piece.value} (${piece.grade})`).join('; '),
    status !== 'fail' || check === undefined
      ? undefined
      : fixCommand(remediationCommand(check.remediation, message.key), cluster, [resource]),
    finding?.id,
    finding?.status,
    finding?.firstSeenAt,
    finding?.openedAt,
    finding?.unverifiedSince,
    exception?.owner,
    exception?.expires,
  ]);
};

/** One record for every result of the report, and one UNKNOWN for every input that could not be read; with a header. */
export const renderCsv = (report: AuditReport): string => {
  const rows = viewReport(report).clusters.flatMap(({ report: { evaluation }, checks }) =>
    checks.flatMap((check) =>
      Object.values(check.rows).flatMap((some) => some.map((row) => rowRecord(evaluation.cluster, check, row))),
    ),
  );
  const unread = report.unreadable.map(({ path, problem }) =>
    csvRecord(
      COLUMNS.map((column) =>
        column === 'resource'
          ? path
          : column === 'status'
            ? STATUS_WORD['not-evaluated']
            : column === 'message'
              ? problem
              : undefined,
      ),
    ),
  );
  return csvRecord(COLUMNS) + rows.join('') + unread.join('');
};
