import type { Announcement } from '../../model/announcement.ts';
import type { Severity } from '../../model/check.ts';
import { clusterArn } from '../../model/cluster.ts';
import { singleLine } from '../../model/single-line.ts';
import { toMessage } from '../message/finding-message.ts';

/** https://developer.pagerduty.com/docs/send-alert-event: summary ≤ 1024 characters, dedup_key ≤ 255. */
const SUMMARY = 1024;

const SEVERITY: { readonly [S in Severity]: 'critical' | 'error' | 'warning' | 'info' } = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  informational: 'info',
};

/** One event of PagerDuty's Events API v2: the finding's id joins trigger and resolve to one alert. */
export const toPagerDuty = (announcement: Announcement, routingKey: string) => {
  const { change, check, links } = announcement;
  const { finding } = change;
  const base = {
    routing_key: routingKey,
    event_action: finding.status === 'open' ? 'trigger' : 'resolve',
    dedup_key: finding.id,
  };
  if (finding.status !== 'open') return base;
  const found = [
    { href: links.report, text: 'Report' },
    { href: links.runbook, text: 'Runbook' },
    { href: check.remediation.url, text: 'Documentation' },
  ].filter(({ href }) => href?.startsWith('https://') === true);
  return {
    ...base,
    client: 'Netpol Warden',
    links: found,
    payload: {
      summary: singleLine(`${finding.cluster.name}: ${check.title}: ${finding.message.text}`, SUMMARY),
      source: clusterArn(finding.cluster),
      severity: SEVERITY[finding.severity],
      timestamp: finding.lastSeenAt,
      component: singleLine(finding.resource.name, 255),
      group: finding.cluster.name,
      class: check.id,
      custom_details: toMessage(announcement),
    },
  };
};
