import * as z from 'zod';
import type { KubernetesEvent, KubernetesEvents } from '../../model/facts-kubernetes-network.ts';
import { bounded, MAX_LINE } from './bounded.ts';
import { count, given, text } from './field.ts';
import { kubernetesItems, ofKind } from './kubernetes-list.ts';
import { sortedBy } from './order.ts';
import { parse } from './parse.ts';
import { kubernetesTime } from './time.ts';

/**
 * What the VPC resource controller says of trunks, branch ENIs and its nodes, and what an aws-node before 1.15 asked of it.
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/utils/events.go,
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/provider/branch/provider.go,
 * https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/config/type.go
 */
export const EVENT_REASONS: ReadonlySet<string> = new Set([
  'AwsNodeNotificationToRc',
  'BranchAllocationFailed',
  'BranchENIAnnotationFailed',
  'BranchENICoolDownPeriodUpdated',
  'CNINodeCreationFailed',
  'CNINodeDeletionFailed',
  'ControllerVersionNotice',
  'EniConfigNameNotFound',
  'InsufficientCidrBlocks',
  'NodeTrunkFailedInit',
  'NodeTrunkInitiated',
  'ResourceAllocated',
  'SecurityGroupRequested',
  'TrunkENICreationFailed',
  'Unsupported',
]);

/** Events kept. A cluster that starts many pods with branch ENIs has several of each pod. */
export const MAX_EVENTS = 1000;

const event = z.object({
  metadata: z.object({ namespace: text, name: text, creationTimestamp: kubernetesTime }),
  type: text.nullish(),
  message: z.string().nullish(),
  involvedObject: z.object({ kind: text, namespace: text.nullish(), name: text }),
  source: z.object({ component: text.nullish() }).nullish(),
  reportingComponent: text.nullish(),
  count: count.nullish(),
  lastTimestamp: kubernetesTime.nullish(),
  eventTime: kubernetesTime.nullish(),
  series: z.object({ count: count.nullish(), lastObservedTime: kubernetesTime.nullish() }).nullish(),
});

/**
 * One Event of v1; undefined for one whose reason tells nothing of pod networking, which is then not looked into. The
 * times and counts of both forms of an event are read, the older `lastTimestamp` and the newer `series`
 * (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/).
 * @throws MalformedError
 */
export const normaliseEvent = (item: unknown, path = ''): KubernetesEvent | undefined => {
  const { reason } = parse(z.object({ kind: ofKind('Event'), reason: z.string().nullish() }), item, path);
  if (reason === undefined || reason === null || !EVENT_REASONS.has(reason)) return undefined;
  const { metadata, involvedObject, series, source, ...read } = parse(event, item, path);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    reason,
    type: read.type || 'Normal',
    message: bounded(read.message ?? '', MAX_LINE),
    regarding: {
      kind: involvedObject.kind,
      name: involvedObject.name,
      ...given({ namespace: involvedObject.namespace }),
    },
    reporter: read.reportingComponent || source?.component || '',
    count: series?.count ?? read.count ?? 1,
    lastSeen: series?.lastObservedTime ?? read.lastTimestamp ?? read.eventTime ?? metadata.creationTimestamp,
  };
};

/** The newest of these events, newest first, and how many others there were. */
export const newestEvents = (events: readonly KubernetesEvent[]): KubernetesEvents => {
  const ordered = sortedBy(events, ({ namespace, name }) => [namespace, name]).toSorted(
    (a, b) => Date.parse(b.lastSeen) - Date.parse(a.lastSeen),
  );
  return { events: ordered.slice(0, MAX_EVENTS), omitted: Math.max(0, ordered.length - MAX_EVENTS) };
};

/** `GET /api/v1/events`. */
export const normaliseEvents = (raw: unknown): KubernetesEvents =>
  newestEvents(
    kubernetesItems(raw, 'Event')
      .map((item, index) => normaliseEvent(item, `items[${index}]`))
      .filter((found) => found !== undefined),
  );
