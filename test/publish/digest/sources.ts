import type { DigestSources } from '../../../functions/publish-findings/send-digests.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Digest } from '../../../shared/publish/digest/digest.ts';
import type { DigestSender } from '../../../shared/publish/digest/sender.ts';
import type { Delivery } from '../../../shared/publish/port.ts';
import { memoryAuditRuns } from '../../../shared/store/memory-audit-runs.ts';
import { memoryStore } from '../../../shared/store/memory-store.ts';
import { CLUSTER as SHOP } from '../../support/cluster.ts';
import { nodeFinding, RUN } from './digests.ts';

export { SHOP };
const QUIET = { ...SHOP, name: 'quiet' };

type Answers = readonly ((digest: Digest) => Promise<Delivery>)[];
export const takes = ({ id }: Digest): Promise<Delivery> => Promise.resolve({ id, outcome: 'delivered' });
export const later =
  (retryAfterMs?: number) =>
  ({ id }: Digest): Promise<Delivery> =>
    Promise.resolve({ id, outcome: 'retry', reason: 'busy', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
export const refuses = ({ id }: Digest): Promise<Delivery> =>
  Promise.resolve({ id, outcome: 'refused', reason: 'channel_not_found' });

/** Answers in turn; the last one for ever. */
export const senderOf = (name: string, answers: Answers) => {
  const sent: Digest[] = [];
  const sender: DigestSender = {
    name,
    send: (digest) => {
      sent.push(digest);
      return (answers[Math.min(sent.length, answers.length) - 1] ?? takes)(digest);
    },
  };
  return { sender, sent };
};

/** One cluster with two failing nodes, and one where all is well. */
export const twoClusters = async (change: Partial<DigestSources> = {}): Promise<DigestSources> => {
  const [store, runs] = [memoryStore(), memoryAuditRuns()];
  const findings: readonly Finding[] = [
    nodeFinding('node-1', { openedAt: '2026-11-20T08:00:00.000Z' }),
    nodeFinding('node-2', { openedAt: '2026-11-20T07:59:59.000Z' }),
  ];
  const byId = Object.fromEntries(findings.map((finding) => [finding.id, finding]));
  await store.commit({ cluster: SHOP, findings: byId, watermarks: {} }, []);
  await store.commit({ cluster: QUIET, findings: {}, watermarks: { 'a#b': { examinedAt: RUN.takenAt } } }, []);
  for (const cluster of [SHOP, QUIET]) {
    const counts = { ...RUN.counts, fail: 0 };
    await runs.recordRun({ ...RUN, counts, cluster, durationMs: 1, trigger: 'schedule' });
  }
  return {
    records: async () => store.list(),
    lastRun: async (cluster) => (await runs.listRuns(cluster, 1))[0],
    exceptions: () => Promise.resolve([]),
    senders: [],
    wait: () => Promise.resolve(),
    ...change,
  };
};
