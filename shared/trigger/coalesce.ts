import { createHash } from 'node:crypto';
import { clusterArn } from '../model/cluster.ts';
import type { AuditRequest } from './request.ts';

/** How a request stands in the FIFO queue. */
export interface QueuePlace {
  readonly groupId: string;
  readonly deduplicationId: string;
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex');

/**
 * Requests for one cluster that come within five minutes are one: SQS takes a deduplication id once in that time, counted
 * from the first. The queue hands a message over only after the same five minutes, so whatever was collapsed into it had
 * happened before its audit begins. What a person asked for, and what follows up an update, is a request of its own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export const queuePlaceOf = ({ cluster, kind, reason, at, source, attempt }: AuditRequest): QueuePlace => {
  const groupId = digest(clusterArn(cluster), kind);
  const isOwn = reason === 'manual' || reason === 'follow-up' || reason === 'security-hub-action';
  return { groupId, deduplicationId: isOwn ? digest(groupId, reason, at, source, String(attempt)) : groupId };
};
