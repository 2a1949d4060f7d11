import type { Announcement } from '../../model/announcement.ts';
import { remediationCommand, type Severity } from '../../model/check.ts';
import { clusterArn, type ClusterRef } from '../../model/cluster.ts';
import type { ChangeKind, Finding } from '../../model/finding.ts';
import type { Resource } from '../../model/outcome.ts';
import { singleLine } from '../../model/single-line.ts';
import { STANDARDS } from '../../model/standards.ts';
import { fixCommand } from '../../report/fix-command.ts';
import { isTraffic, requirementsOf, typesOf } from '../asff-types.ts';

/**
 * Findings as OCSF 1.5.0 events: what a check found as Compliance Finding [2003], denied traffic as Detection Finding
 * [2004]. https://schema.ocsf.io/1.5.0/classes/compliance_finding and …/detection_finding
 */

const TEXT = 4000;
const NAME = 512;
const MOST_REQUIREMENTS = 32;

export interface OcsfOptions {
  /** Version of this program. */
  readonly version: string;
}

/** OCSF numbers with their captions, which it wants to agree. */
interface Numbered {
  readonly id: number;
  readonly caption: string;
}

const SEVERITY: { readonly [S in Severity]: Numbered } = {
  informational: { id: 1, caption: 'Informational' },
  low: { id: 2, caption: 'Low' },
  medium: { id: 3, caption: 'Medium' },
  high: { id: 4, caption: 'High' },
  critical: { id: 5, caption: 'Critical' },
};

const activityOf = (kind: ChangeKind, { status }: Finding): Numbered => {
  if (status !== 'open') return { id: 3, caption: 'Close' };
  return kind === 'opened' ? { id: 1, caption: 'Create' } : { id: 2, caption: 'Update' };
};

const statusOf = ({ change: { finding }, exception }: Announcement): Numbered => {
  switch (finding.status) {
    case 'resolved':
      return { id: 4, caption: 'Resolved' };
    case 'closed':
      return { id: 5, caption: 'Archived' };
    case 'open':
      return exception === undefined ? { id: 1, caption: 'New' } : { id: 3, caption: 'Suppressed' };
  }
};

const complianceStatus = ({ status, unverifiedSince }: Finding): Numbered => {
  switch (status) {
    case 'resolved':
      return { id: 1, caption: 'Pass' };
    case 'closed':
      return { id: 0, caption: 'Unknown' };
    case 'open':
      return unverifiedSince === undefined ? { id: 3, caption: 'Fail' } : { id: 2, caption: 'Warning' };
  }
};

const clusterResource = (cluster: ClusterRef) => ({
  uid: clusterArn(cluster),
  name: cluster.name,
  type: 'AwsEksCluster',
  cloud_partition: cluster.partition,
  region: cluster.region,
});

const resourcesOf = (cluster: ClusterRef, { type, id, name, instanceId }: Resource) => {
  if (type === 'cluster') return [clusterResource(cluster)];
  const { partition, region, account } = cluster;
  const about = {
    uid:
      instanceId === undefined
        ? singleLine(`${clusterArn(cluster)}/${type}/${id}`, NAME)
        : `arn:${partition}:ec2:${region}:${account}:instance/${instanceId}`,
    name: singleLine(name, NAME),
    type: instanceId === undefined ? type : 'AwsEc2Instance',
    cloud_partition: partition,
    region,
  };
  return [about, clusterResource(cluster)];
};

/** Both ends of a denied flow; OCSF takes IPv4 and IPv6 alike. */
const connectionOf = ({ message: { values } }: Finding) => {
  const { sourceAddress, destinationAddress, port, protocol, direction } = values;
  if (typeof sourceAddress !== 'string' && typeof destinationAddress !== 'string') return undefined;
  const way: Numbered =
    direction === 'ingress'
      ? { id: 1, caption: 'Inbound' }
      : direction === 'egress'
        ? { id: 2, caption: 'Outbound' }
        : { id: 0, caption: 'Unknown' };
  return {
    ...(typeof sourceAddress === 'string' ? { src_endpoint: { ip: sourceAddress } } : {}),
    ...(typeof destinationAddress === 'string'
      ? { dst_endpoint: { ip: destinationAddress, ...(typeof port === 'number' ? { port } : {}) } }
      : {}),
    connection_info: {
      direction_id: way.id,
      direction: way.caption,
      ...(typeof protocol === 'string' ? { protocol_name: singleLine(protocol.toLowerCase(), 32) } : {}),
    },
  };
};

const baseOf = (announcement: Announcement, { version }: OcsfOptions) => {
  const { change, check, at, sequence, owner } = announcement;
  const { finding, kind } = change;
  const { cluster, message, evidence, resource } = finding;
  const severity = SEVERITY[finding.severity];
  const activity = activityOf(kind, finding);
  const status = statusOf(announcement);
  const command = fixCommand(remediationCommand(check.remediation, message.key), cluster, [resource]);
  return {
    activity_id: activity.id,
    activity_name: activity.caption,
    category_uid: 2,
    category_name: 'Findings',
    time: Date.parse(at),
    severity_id: severity.id,
    severity: severity.caption,
    status_id: status.id,
    status: status.caption,
    message: singleLine(message.text, TEXT),
    cloud: {
      provider: 'AWS',
      region: cluster.region,
      account: { uid: cluster.account, type: 'AWS Account', type_id: 10 },
    },
    metadata: {
      version: '1.5.0',
      product: { name: 'Netpol Warden', vendor_name: 'Netpol Warden', uid: 'netpol-warden', version },
      event_code: singleLine(message.key, NAME),
      sequence,
      uid: announcement.id,
    },
    finding_info: {
      uid: finding.id,
      title: singleLine(`${check.title}: ${resource.name}`, NAME),
      desc: singleLine(`${message.text} ${check.rationale}`, TEXT),
      created_time: Date.parse(finding.firstSeenAt),
      first_seen_time: Date.parse(finding.firstSeenAt),
      last_seen_time: Date.parse(finding.lastSeenAt),
      modified_time: Date.parse(at),
      types: typesOf(check.id),
    },
    resources: resourcesOf(cluster, resource),
    remediation: {
      desc: singleLine(`${check.remediation.text} ${command}`, TEXT),
      references: [check.remediation.url],
    },
    unmapped: {
      check: check.id,
      openedAt: finding.openedAt,
      reopenCount: finding.reopenCount,
      evidence: evidence.map(({ fact, path, value, grade, source, observedAt }) => ({
        fact,
        path: singleLine(path, NAME),
        value: singleLine(value, TEXT),
        grade,
        source: singleLine(source, NAME),
        observedAt,
      })),
      ...(owner === undefined ? {} : { owner }),
    },
  };
};

/** One OCSF event, a JSON value. */
export const toOcsf = (announcement: Announcement, options: OcsfOptions): { readonly [name: string]: unknown } => {
  const { check, change } = announcement;
  const { finding } = change;
  const base = baseOf(announcement, options);
  if (isTraffic(check.id)) {
    const connection = connectionOf(finding);
    const count = finding.message.values['count'];
    return {
      ...base,
      metadata: { ...base.metadata, profiles: ['cloud', 'security_control'] },
      class_uid: 2004,
      class_name: 'Detection Finding',
      type_uid: 200_400 + base.activity_id,
      type_name: `Detection Finding: ${base.activity_name}`,
      action_id: 2,
      action: 'Denied',
      disposition_id: 2,
      disposition: 'Blocked',
      ...(typeof count === 'number' && count > 0 ? { count } : {}),
      ...(connection === undefined ? {} : { evidences: [connection] }),
    };
  }
  const compliance = complianceStatus(finding);
  return {
    ...base,
    metadata: { ...base.metadata, profiles: ['cloud'] },
    class_uid: 2003,
    class_name: 'Compliance Finding',
    type_uid: 200_300 + base.activity_id,
    type_name: `Compliance Finding: ${base.activity_name}`,
    compliance: {
      control: check.id,
      status_id: compliance.id,
      status: compliance.caption,
      status_details: [
        singleLine(finding.message.text, TEXT),
        ...(finding.unverifiedSince === undefined ? [] : [`Could not be looked at since ${finding.unverifiedSince}`]),
      ],
      standards: [...new Set(check.references.map(({ standard }) => STANDARDS[standard].title))],
      requirements: requirementsOf(announcement, MOST_REQUIREMENTS, NAME),
    },
  };
};
