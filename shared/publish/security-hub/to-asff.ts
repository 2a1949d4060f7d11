import type { AwsSecurityFinding, Resource as AsffResource } from '@aws-sdk/client-securityhub';
import type { Announcement } from '../../model/announcement.ts';
import { remediationCommand, type Severity } from '../../model/check.ts';
import { clusterArn, type ClusterRef } from '../../model/cluster.ts';
import type { Finding } from '../../model/finding.ts';
import type { Evidence, Resource } from '../../model/outcome.ts';
import { singleLine } from '../../model/single-line.ts';
import { fixCommand } from '../../report/fix-command.ts';
import { requirementsOf, typesOf } from '../asff-types.ts';
import { networkAction } from './network-action.ts';

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html, and the API's own limits. */
const TITLE = 256;
const DESCRIPTION = 1024;
const REMEDIATION = 512;
const PRODUCT_FIELD = 2048;
const MOST_REQUIREMENTS = 32;
const REQUIREMENT = 64;
const MOST_EVIDENCE = 16;
const RESOURCE_ID = 512;
const DETAIL = 1024;

export interface AsffOptions {
  /** Who runs this deployment: `CompanyName`. */
  readonly companyName: string;
}

export const PRODUCT_NAME = 'Netpol Warden';

const LABEL = {
  informational: 'INFORMATIONAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  critical: 'CRITICAL',
} as const satisfies { readonly [S in Severity]: string };

/** The default product of the account: nothing has to be enabled for it but Security Hub itself. */
export const productArn = ({ partition, region, account }: ClusterRef): string =>
  `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`;

/**
 * RFC 3339, with the sequence in the digits below a millisecond: Security Hub silently ignores an update that is not
 * later than what it has, and two changes may be committed within one millisecond.
 */
export const updatedAt = ({ at, sequence }: Pick<Announcement, 'at' | 'sequence'>): string =>
  new Date(at).toISOString().replace('Z', `${String(sequence % 1_000_000).padStart(6, '0')}Z`);

const complianceOf = (finding: Finding): 'FAILED' | 'PASSED' | 'WARNING' | 'NOT_AVAILABLE' => {
  switch (finding.status) {
    case 'resolved':
      return 'PASSED';
    case 'closed':
      return 'NOT_AVAILABLE';
    case 'open':
      // "Some information is missing": it was seen to fail, and nobody could look since.
      return finding.unverifiedSince === undefined ? 'FAILED' : 'WARNING';
  }
};

const reasonCode = (key: string): string => key.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();

const statusReasons = ({ unverifiedSince, message, closeReason }: Finding) => [
  { ReasonCode: reasonCode(message.key), Description: singleLine(message.text, DESCRIPTION) },
  ...(unverifiedSince === undefined
    ? []
    : [{ ReasonCode: 'NOT_EVALUATED', Description: `Could not be looked at since ${unverifiedSince}` }]),
  ...(closeReason === undefined
    ? []
    : [{ ReasonCode: reasonCode(closeReason), Description: `Closed: ${closeReason}` }]),
];

const place = ({ partition, region }: ClusterRef) => ({ Partition: partition, Region: region }) as const;

/** What the finding is about. The cluster stands beside it, so that it is found by either. */
const resourceOf = (cluster: ClusterRef, { type, id, name, instanceId }: Resource): AsffResource | undefined => {
  if (type === 'cluster') return undefined;
  const { partition, region, account } = cluster;
  const other = { Other: { type, name: singleLine(name, DETAIL), cluster: cluster.name } };
  if (type === 'node' && instanceId !== undefined) {
    const arn = `arn:${partition}:ec2:${region}:${account}:instance/${instanceId}`;
    return { Type: 'AwsEc2Instance', Id: arn, ...asffPlace(cluster), Details: other };
  }
  const path = singleLine(`${clusterArn(cluster)}/${type}/${id}`, RESOURCE_ID);
  return { Type: 'Other', Id: path, ...asffPlace(cluster), Details: other };
};

const asffPlace = (cluster: ClusterRef): Pick<AsffResource, 'Partition' | 'Region'> => {
  const { Partition, Region } = place(cluster);
  // The SDK's union lists the partitions of its day; the service takes the partition of its own ARN.
  return { Partition: Partition as AsffResource['Partition'], Region };
};

const clusterResource = (cluster: ClusterRef): AsffResource => ({
  Type: 'AwsEksCluster',
  Id: clusterArn(cluster),
  ...asffPlace(cluster),
  Details: { AwsEksCluster: { Arn: clusterArn(cluster), Name: cluster.name } },
});

const evidenceField = ({ fact, path, value, grade, source, observedAt }: Evidence): string =>
  singleLine(JSON.stringify({ fact, path, value, grade, source, observedAt }), PRODUCT_FIELD);

/** The command that mends it, and the one with which anybody with read access sees it again. */
const commands = ({ check, change: { finding } }: Announcement) => {
  const fill = (command: string): string => fixCommand(command, finding.cluster, [finding.resource]);
  return {
    fixCommand: fill(remediationCommand(check.remediation, finding.message.key)),
    reproduce: fill(`netpol-warden audit --cluster <cluster> --region <region> --check ${check.id}`),
  };
};

const productFields = (announcement: Announcement): { [name: string]: string } => {
  const { check, change, owner, exception, sequence, links } = announcement;
  const { finding } = change;
  const fields: { readonly [name: string]: string | undefined } = {
    check: check.id,
    cluster: finding.cluster.name,
    resource: finding.resource.name,
    status: finding.status,
    openedAt: finding.openedAt,
    endedAt: finding.endedAt,
    reopenCount: String(finding.reopenCount),
    unverifiedSince: finding.unverifiedSince,
    sequence: String(sequence),
    ...commands(announcement),
    owner,
    report: links.report,
    runbook: links.runbook,
    exception:
      exception === undefined ? undefined : `${exception.owner}, until ${exception.expires}: ${exception.reason}`,
    evidenceCount: String(finding.evidence.length),
    ...Object.fromEntries(
      finding.evidence.slice(0, MOST_EVIDENCE).map((piece, index) => [`evidence/${index}`, evidenceField(piece)]),
    ),
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[`netpol-warden/${name}`, singleLine(value, PRODUCT_FIELD)]],
    ),
  );
};

/**
 * One finding in the AWS Security Finding Format. It is complete every time, because Security Hub merges nothing. It has
 * no Workflow, Note, VerificationState or UserDefinedFields: those are people's. Severity and Types stand under
 * FindingProviderFields, where a customer's own values are not overwritten.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
export const toAsff = (announcement: Announcement, { companyName }: AsffOptions): AwsSecurityFinding => {
  const { check, change } = announcement;
  const { finding } = change;
  const { cluster, resource } = finding;
  const label = finding.status === 'open' ? LABEL[finding.severity] : 'INFORMATIONAL';
  const about = resourceOf(cluster, resource);
  const action = networkAction(finding);
  return {
    SchemaVersion: '2018-10-08',
    Id: finding.id,
    ProductArn: productArn(cluster),
    ProductName: PRODUCT_NAME,
    CompanyName: companyName,
    Region: cluster.region,
    GeneratorId: `netpol-warden/${check.id}`,
    AwsAccountId: cluster.account,
    CreatedAt: finding.firstSeenAt,
    UpdatedAt: updatedAt(announcement),
    FirstObservedAt: finding.firstSeenAt,
    LastObservedAt: finding.lastSeenAt,
    Title: singleLine(`${check.title}: ${resource.name}`, TITLE),
    Description: singleLine(`${finding.message.text} ${check.rationale}`, DESCRIPTION),
    FindingProviderFields: {
      Severity: { Label: label, Original: finding.severity },
      Types: [...typesOf(check.id)],
    },
    Remediation: {
      Recommendation: { Text: singleLine(check.remediation.text, REMEDIATION), Url: check.remediation.url },
    },
    ProductFields: productFields(announcement),
    Resources: [...(about === undefined ? [] : [about]), clusterResource(cluster)],
    Compliance: {
      Status: complianceOf(finding),
      RelatedRequirements: [...requirementsOf(announcement, MOST_REQUIREMENTS, REQUIREMENT)],
      StatusReasons: statusReasons(finding),
    },
    RecordState: finding.status === 'closed' ? 'ARCHIVED' : 'ACTIVE',
    ...(action === undefined ? {} : { Action: action }),
  };
};
