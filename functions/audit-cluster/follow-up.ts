import type { Snapshot } from '../../shared/model/snapshot.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';

/** An hour of five-minute delays; the schedule sees what takes longer. */
export const MOST_ATTEMPTS = 12;
/** A window of denials is read once it is over and has settled: at the latest by the third look. */
const TRAFFIC_ATTEMPTS = 3;

const DECISIVE = /^(?:cluster|addon\/vpc-cni|nodegroup\/.+)$/;

/** EKS accepts a change long before it is done: while one that decides enforcement is under way, look again. */
export const followUpOf = (request: AuditRequest, { facts }: Snapshot): AuditRequest | undefined => {
  const updates = facts['eks.updates'];
  if (updates.state !== 'observed' || request.attempt >= MOST_ATTEMPTS) return undefined;
  const running = updates.value.find(({ status, subject }) => status === 'InProgress' && DECISIVE.test(subject));
  if (running === undefined) return undefined;
  return { ...request, reason: 'follow-up', attempt: request.attempt + 1 };
};

/** The last denials lie in a window that is still open when they are first asked about. */
export const trafficFollowUpOf = (request: AuditRequest): AuditRequest | undefined =>
  request.attempt < TRAFFIC_ATTEMPTS ? { ...request, attempt: request.attempt + 1 } : undefined;
