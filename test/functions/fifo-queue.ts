import { queuePlaceOf } from '../../shared/trigger/coalesce.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const INTERVAL_MS = 300_000;

interface Accepted {
  readonly request: AuditRequest;
  readonly sentAt: number;
  readonly visibleAt: number;
}

export interface FifoQueue {
  readonly send: (requests: readonly AuditRequest[]) => Promise<void>;
  /** Every message that was accepted, with the time from which it is handed over. */
  readonly accepted: () => readonly Accepted[];
  readonly sends: () => number;
}

/** `audit-requests.fifo`: takes a deduplication id once in five minutes and hands over after five minutes. */
export const fifoQueue = (now: () => number): FifoQueue => {
  const accepted: Accepted[] = [];
  const taken = new Map<string, number>();
  let sends = 0;
  return {
    send: (requests) => {
      for (const request of requests) {
        sends += 1;
        const { deduplicationId } = queuePlaceOf(request);
        const at = now();
        const before = taken.get(deduplicationId);
        if (before !== undefined && at < before + INTERVAL_MS) continue;
        taken.set(deduplicationId, at);
        accepted.push({ request, sentAt: at, visibleAt: at + INTERVAL_MS });
      }
      return Promise.resolve();
    },
    accepted: () => accepted,
    sends: () => sends,
  };
};
